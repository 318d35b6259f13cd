import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { postJson, signUp, slot } from '#e2e/support/cloud.ts'
import { day, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { createBackup, factorsAt } from '#e2e/support/factors.ts'
import { freshKey, sync } from '#e2e/support/oplog.ts'
import { graphql, signUp as signUpForOtp } from '#e2e/support/otp.ts'
import { register } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import {
  askHttp2,
  askPlainly,
  askSecurely,
  caOf,
  hostname,
  houseEnv,
  httpsOf,
  httpsPort,
  openHttp2,
  shownCertificate,
  startHouse,
} from '#e2e/support/tls.ts'

const reason = process.platform === 'linux' ? '' : ' (skipped: 127.0.0.2 is an address on Linux only)'
/** Stands for the house: the server answers there once it listens on all addresses. */
const house = '127.0.0.2'

describe('HTTPS', () => {
  let server: TestServer
  const before = getCACertificates('default')
  beforeAll(async () => {
    server = await startHouse({ pages: true })
    setDefaultCACertificates([...before, caOf(server)])
  })
  afterAll(async () => {
    setDefaultCACertificates(before)
    await server?.[Symbol.asyncDispose]()
  })

  test('is told in run.json by this server’s name', () => {
    expect(httpsOf(server)).toMatch(new RegExp(`^https://${hostname}:\\d+$`))
  })

  test('every surface serves its clients', async () => {
    const url = `https://localhost:${httpsPort(server)}`
    expect((await fetch(`${url}/health`)).status).toBe(200)

    const bytes = randomBytes(500_000)
    const { token } = await signUp(url)
    expect((await slot(url, token).put(bytes)).status).toBe(200)
    expect(Buffer.from(await (await slot(url, token).get()).arrayBuffer())).toEqual(bytes)

    const person = await register(url)
    expect((await person.list()).status).toBe(200)
    expect((await createBackup(factorsAt(url))).metadata).toBeTruthy()
    const phone = await signUpForOtp(url)
    expect(phone).toBeTruthy()
    expect((await graphql(url, '{ __typename }', {})).status).toBe(200)
    expect(
      (await sync(url, { user: freshKey(), client_id: crypto.randomUUID(), operation_index: 0, payload: 'p' })).status,
    ).toBe(200)
  })

  test('a client that does not know the CA gets nothing', async () => {
    await expect(askSecurely(server, { path: '/health' }, before[0])).rejects.toThrow(/certificate/)
  })

  test('HTTP/2 carries uploads, downloads, early refusals and pages', async () => {
    const { token } = await signUp(`https://localhost:${httpsPort(server)}`)
    const session = openHttp2(server)
    try {
      const authorization = `Bearer ${token}`
      const at = { ':path': '/v1/backup', authorization }
      const bytes = randomBytes(1_500_000)
      const put = await askHttp2(session, { ...at, ':method': 'POST', 'content-length': bytes.length }, bytes)
      expect(put.headers).toMatchObject({ ':status': 200, etag: '"1"' })
      const got = await askHttp2(session, at)
      expect(got.headers).toMatchObject({ ':status': 200, 'content-length': String(bytes.length) })
      expect(got.body.equals(bytes)).toBe(true)
      const headed = await askHttp2(session, { ...at, ':method': 'HEAD' })
      expect([headed.headers[':status'], headed.body.length]).toEqual([200, 0])
      const large = randomBytes(3_000_000)
      const refused = await askHttp2(session, { ...at, ':method': 'POST', 'content-length': large.length }, large)
      expect(refused.headers[':status']).toBe(413)
      const page = await askHttp2(session, { ':path': '/' })
      expect(page.headers[':status']).toBe(200)
      expect(page.body.toString()).toContain('Hearthkeep')
      expect((await askHttp2(session, { ':path': '/', ':authority': 'evil.example' })).headers[':status']).toBe(421)
      expect((await askHttp2(session, { ':path': '/health', ':authority': 'any.name' })).headers[':status']).toBe(200)
      const connection = await askHttp2(session, { ':path': '/', ':method': 'DELETE' })
      expect(connection.headers).toMatchObject({ ':status': 405 })
      expect(connection.headers).not.toHaveProperty('connection')
    } finally {
      session.close()
    }
  })

  test('links in answers lead to the name, not to this machine', async () => {
    const { body } = await askSecurely(server, { path: '/status' })
    expect(JSON.parse(body)).toMatchObject({ url: httpsOf(server) })
  })

  test('a connection that never speaks TLS harms nobody', async () => {
    const socket = connectTcp(httpsPort(server), '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'))
    await new Promise((resolve) => socket.on('error', resolve).on('close', resolve).resume())
    expect((await askSecurely(server, { path: '/health' })).status).toBe(200)
  })

  describe.skipIf(reason)(`plain HTTP in the house${reason}`, () => {
    const location = (path: string, host = house) => `https://${host}:${httpsPort(server)}${path}`

    test.each([
      '/',
      '/health',
      '/v1/backup?x=%20y',
      '/personas',
      '/sync',
      '/graphql',
      '/admin',
      '/connect/../v1/users',
    ])('%s leads to HTTPS', async (path) => {
      const answer = await askPlainly(server, house, { path })
      expect([answer.status, answer.headers.location]).toEqual([307, location(path)])
      expect(answer.headers['set-cookie']).toBeUndefined()
    })

    test('a request with a body is redirected with its method, and its body is not waited for', async () => {
      const headers = { 'content-length': '1000000' }
      const answer = await askPlainly(server, house, { method: 'POST', path: '/v1/users', headers, body: 'x' })
      expect([answer.status, answer.headers.connection]).toEqual([307, 'close'])
    })

    test.each([
      [hostname, hostname],
      [`${hostname}:4180`, hostname],
      ['192.168.1.20:4180', '192.168.1.20'],
      ['evil.example', hostname],
      ['evil.example:80@x', hostname],
    ])('called %s it leads to %s', async (host, led) => {
      const answer = await askPlainly(server, house, { path: '/', headers: { host } })
      expect(answer.headers.location).toBe(location('/', led))
    })

    test.each(['//evil.example/x', '/\\evil.example', 'http://evil.example/x'])(
      '%s never leads elsewhere',
      async (path) => {
        const answer = await askPlainly(server, house, { path })
        expect(answer.status).toBe(307)
        expect(new URL(answer.headers.location ?? '').host).toBe(`${house}:${httpsPort(server)}`)
      },
    )

    test('/connect, what it loads and the CA are there', async () => {
      const page = await askPlainly(server, house, { path: '/connect' })
      expect(page.status).toBe(200)
      for (const [, path = ''] of page.body.matchAll(/(?:src|href)="(\/_next\/[^"]+)"/g))
        expect((await askPlainly(server, house, { path })).status, path).toBe(200)
      const certificate = await askPlainly(server, house, { path: '/connect/hearthkeep-ca.crt' })
      expect(certificate.headers['content-type']).toBe('application/x-x509-ca-cert')
      expect(certificate.body).toBe(caOf(server))
      const profile = await askPlainly(server, house, { path: '/connect/hearthkeep.mobileconfig' })
      expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config')
      const der = caOf(server).replace(/-----.*-----|\s/g, '')
      expect(profile.body).toContain(`<data>${der}</data>`)
      expect((await askPlainly(server, house, { method: 'POST', path: '/connect' })).status).toBe(405)
    })

    test('this machine itself is answered in full', async () => {
      expect((await askPlainly(server, '127.0.0.1', { path: '/health' })).status).toBe(200)
      expect((await askPlainly(server, '127.0.0.1', { path: '/' })).status).toBe(200)
    })
  })

  test('no key ever leaves by /connect or the command line', async () => {
    const env = { HEARTHKEEP_DATA_DIR: server.dataFolder, HEARTHKEEP_HOSTNAME: hostname }
    const exported = await hearthkeep(['tls', 'export-ca'], env)
    const status = await hearthkeep(['tls', 'status'], env)
    expect(exported).toMatchObject({ code: 0, stdout: caOf(server) })
    expect(exported.stdout + status.stdout + server.log()).not.toContain('PRIVATE')
    expect(status.stdout).toContain((await shownCertificate(server)).fingerprint256)
  })
})

describe('a new certificate', () => {
  test('is in use without a restart, and no connection is dropped for it', async () => {
    await using server = await startHouse()
    const first = await shownCertificate(server)
    const session = openHttp2(server)
    try {
      expect((await askHttp2(session, { ':path': '/health' })).headers[':status']).toBe(200)
      const env = { HEARTHKEEP_DATA_DIR: server.dataFolder, HEARTHKEEP_HOSTNAME: hostname }
      expect((await hearthkeep(['tls', 'renew'], env)).code).toBe(0)
      await until(
        'a new certificate',
        async () => (await shownCertificate(server)).fingerprint256 !== first.fingerprint256,
      )
      expect((await askHttp2(session, { ':path': '/health' })).headers[':status']).toBe(200)
      expect(session.closed).toBe(false)
    } finally {
      session.close()
    }
    expect((await askSecurely(server, { path: '/health' })).status).toBe(200)
  })

  test('is made by itself when the clock comes near the old one’s end, by the same CA', async () => {
    using clock = wallClock()
    await using server = await startHouse({ preload: [shiftClock], env: clock.env })
    const [first, ca] = [await shownCertificate(server), caOf(server)]
    clock.shift(390 * day)
    await until('a renewed certificate', async () => (await shownCertificate(server)).validToDate > first.validToDate)
    expect(caOf(server)).toBe(ca)
  })

  test('survives a restart', async () => {
    await using server = await startHouse()
    const first = await shownCertificate(server)
    await server.stop()
    await server.restart()
    expect((await shownCertificate(server)).fingerprint256).toBe(first.fingerprint256)
  })
})

describe('set-up', () => {
  test('no HTTPS and no other address before it', async () => {
    await using server = await startServer({ pages: true, env: { HEARTHKEEP_HTTPS_PORT: '0' } })
    expect(() => httpsOf(server)).toThrow('HTTPS is off')
    if (!reason) await expect(askPlainly(server, house, { path: '/connect' })).rejects.toThrow()
    expect((await askPlainly(server, '127.0.0.1', { path: '/connect' })).status).toBe(200)
  })

  test('a CA that cannot be read stops the start with words, and is not replaced', async () => {
    await using server = await startHouse()
    await server.stop()
    const path = `${server.dataFolder}/tls/ca.pem`
    const kept = readFileSync(path, 'utf8')
    writeFileSync(path, 'no certificate')
    await expect(server.restart()).rejects.toThrow(/ca\.pem is damaged; restore it from a backup/)
    expect(readFileSync(path, 'utf8')).toBe('no certificate')
    writeFileSync(path, kept)
    await server.restart()
  })
})

describe('the end', () => {
  test('SIGTERM lets requests under way finish on HTTP/1.1 and HTTP/2, and then ends', async () => {
    await using server = await startHouse()
    const { token } = await signUp(server.url)
    const session = openHttp2(server)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/v1/backup',
      authorization: `Bearer ${token}`,
      'content-length': 2_000,
    })
    const answered = new Promise<number>((resolve, reject) => {
      stream.on('response', (headers) => resolve(Number(headers[':status'])))
      stream.on('error', reject)
    })
    stream.write(randomBytes(1_000))
    await until('the upload being under way', () => stream.id !== undefined && !stream.pending)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const stopped = server.stop()
    await until('the end to begin', () => server.log().includes('"stopping"'))
    stream.end(randomBytes(1_000))
    expect(await answered).toBe(200)
    expect(await stopped).toBe(0)
  })
})

describe('behind a proxy', () => {
  const proxied = { ...houseEnv, HEARTHKEEP_TLS: 'proxy', HEARTHKEEP_TRUSTED_PROXIES: '127.0.0.1' }

  test('a proxy’s word is taken for who calls and how, and there is no HTTPS of our own', async () => {
    await using server = await startServer({ pages: true, env: proxied })
    expect(() => httpsOf(server)).toThrow('HTTPS is off')
    const headers = { 'x-forwarded-for': '192.168.1.9', 'x-forwarded-proto': 'https' }
    const page = await askPlainly(server, '127.0.0.1', { path: '/', headers })
    expect(page.headers['content-security-policy']).toContain('upgrade-insecure-requests')
    const metrics = await askPlainly(server, '127.0.0.1', { path: '/metrics', headers })
    expect(metrics.status).toBe(401)
  })

  test('without a proxy to trust it does not start', async () => {
    await expect(startServer({ env: { ...houseEnv, HEARTHKEEP_TLS: 'proxy' } })).rejects.toThrow(
      /HEARTHKEEP_TRUSTED_PROXIES/,
    )
  })
})

describe('HEARTHKEEP_TLS=files', () => {
  /** The certificate and key of a house of its own, whose CA stands for somebody else's. */
  async function pairOf(clockEnv: Record<string, string> = {}) {
    await using other = await startHouse(clockEnv.SHIFT_CLOCK_FILE ? { preload: [shiftClock], env: clockEnv } : {})
    const text = readFileSync(`${other.dataFolder}/tls/server.pem`, 'utf8')
    const [certificate = '', key = ''] = text.split(/(?=-----BEGIN PRIVATE KEY)/)
    return { certificate, key }
  }

  test('serves those files, takes new ones live, and keeps the old ones while the new ones are broken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-tls-files-'))
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const write = (pair: { certificate: string; key: string }) => {
      writeFileSync(cert, pair.certificate)
      writeFileSync(key, pair.key)
    }
    try {
      using past = wallClock()
      past.shift(-500 * day)
      const [one, two, over] = [await pairOf(), await pairOf(), await pairOf(past.env)]
      write(one)
      const env = { HEARTHKEEP_TLS: 'files', HEARTHKEEP_TLS_CERT: cert, HEARTHKEEP_TLS_KEY: key }
      await using server = await startHouse({ pages: true, env })
      const shown = async () => (await shownCertificate(server)).toString()
      const complaints = () => server.log().split('the old one stays').length - 1
      expect(await shown()).toBe(one.certificate)

      for (const broken of [{ ...one, certificate: 'no certificate' }, { ...one, key: two.key }, over]) {
        const before = complaints()
        write(broken)
        await until('the complaint', () => complaints() > before)
        expect(await shown()).toBe(one.certificate)
      }
      expect(server.log()).not.toContain('PRIVATE')
      write(two)
      await until('the new certificate', async () => (await shown()) === two.certificate)

      const page = await askPlainly(server, '127.0.0.1', { path: '/connect' })
      expect(page.body).toContain('There is nothing to install')
      expect((await askPlainly(server, '127.0.0.1', { path: '/connect/hearthkeep-ca.crt' })).status).toBe(404)
      await server.stop()
      write({ ...one, key: two.key })
      await expect(server.restart()).rejects.toThrow(/are not a certificate and its key/)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('without the files named it does not start', async () => {
    await expect(startServer({ env: { ...houseEnv, HEARTHKEEP_TLS: 'files' } })).rejects.toThrow(/HEARTHKEEP_TLS_CERT/)
  })
})

describe.skipIf(reason)(`HEARTHKEEP_LAN_HTTP=full${reason}`, () => {
  test('answers the house plainly, beside HTTPS', async () => {
    await using server = await startHouse({ env: { HEARTHKEEP_LAN_HTTP: 'full' } })
    expect((await askPlainly(server, house, { path: '/health' })).status).toBe(200)
    expect((await postJson(server.url.replace('127.0.0.1', house), '/v1/users', {})).status).toBe(422)
    expect((await askSecurely(server, { path: '/health' })).status).toBe(200)
  })
})
