import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pair } from '#client/node/pairing/pair.ts'
import { pinnedFetch } from '#client/node/pairing/pinned-fetch.ts'
import { readPairingCode, stretchCode } from '#client/node/pairing/read-pairing-code.ts'
import { Transport } from '#client/transport/transport.ts'
import { hearthkeep } from '#e2e/support/cli.ts'
import { signUp } from '#e2e/support/cloud.ts'
import type { TestServer } from '#e2e/support/server.ts'
import { askPlainly, caOf, httpsOf, startHouse } from '#e2e/support/tls.ts'

const house = '127.0.0.2'
const reason = process.platform === 'linux' ? '' : ' (skipped: 127.0.0.2 is an address on Linux only)'
const stranger = rootCertificates[0] ?? ''

type Made = { code: string; link: string; addresses: string[]; fingerprint: string }

describe('pairing', () => {
  let server: TestServer
  const config = mkdtempSync(join(tmpdir(), 'hearthkeep-pairing-'))
  beforeAll(async () => {
    server = await startHouse({ env: { HEARTHKEEP_HOSTNAME: 'localhost' } })
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    rmSync(config, { recursive: true, force: true })
  })

  const keeper = () => ({ HEARTHKEEP_DATA_DIR: server.dataFolder, HEARTHKEEP_HOSTNAME: 'localhost' })
  /** A computer that runs no server and has paired with none. */
  const laptop = () => ({ HEARTHKEEP_DATA_DIR: join(config, 'none'), XDG_CONFIG_HOME: config })

  async function makeCode(...more: string[]): Promise<Made & { invitation: string | null }> {
    const { code, stdout, stderr } = await hearthkeep(['pair', '--json', ...more], keeper())
    expect([code, stderr]).toEqual([0, ''])
    return JSON.parse(stdout)
  }

  const ask = (body: object, path = '/connect/pair') =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })

  test('the command line pairs by a link and believes that CA from then on, without being told again', async () => {
    const { link, fingerprint } = await makeCode()
    const paired = await hearthkeep(['pair', '--with', link, '--json'], laptop())
    expect(JSON.parse(paired.stdout)).toMatchObject({ ok: true, baseUrl: httpsOf(server), fingerprint, join: null })
    const listed = await hearthkeep(['personas', 'list', '--email', 'mum@home.test', '--json'], {
      ...laptop(),
      HEARTHKEEP_ACCOUNT_PASSWORD: 'wrong',
    })
    // Refused by the server itself: the connection stood.
    expect(JSON.parse(listed.stdout)).toMatchObject({ ok: false, exitCode: 4 })
  })

  test('the SDK pairs by the twelve characters, and carries bytes both ways with that CA pinned', async () => {
    const { code, fingerprint } = await makeCode()
    const typed = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')
    const paired = await pair({ code: typed, servers: [server.url] })
    expect(paired).toMatchObject({ baseUrl: httpsOf(server), ca: caOf(server), fingerprint })

    const { token } = await signUp(server.url)
    const transport = new Transport({ baseUrl: paired.baseUrl, fetch: pinnedFetch(paired.ca ?? '') })
    const bytes = randomBytes(300_000)
    const seen: number[] = []
    const put = await transport.send({
      method: 'POST',
      path: '/v1/backup',
      bearer: token,
      body: bytes,
      onProgress: ({ loaded }) => seen.push(loaded),
    })
    expect(put.headers.get('etag')).toBe('"1"')
    expect(seen.at(-1)).toBe(bytes.length)
    const got = await transport.send({ method: 'GET', path: '/v1/backup', bearer: token })
    expect(Buffer.from(await got.bytes({ maxBytes: 1_000_000 })).equals(bytes)).toBe(true)
    await expect(transport.send({ method: 'GET', path: '/v1/backup' })).rejects.toMatchObject({ status: 401 })
    const stopped = AbortSignal.abort(new Error('enough'))
    await expect(transport.send({ method: 'GET', path: '/v1/backup', signal: stopped })).rejects.toThrow('enough')
  })

  test('a CA that was not pinned is not believed', async () => {
    const transport = new Transport({ baseUrl: httpsOf(server), fetch: pinnedFetch(stranger) })
    await expect(transport.send({ method: 'GET', path: '/health', idempotent: false })).rejects.toMatchObject({
      kind: 'network',
      code: expect.stringMatching(/SELF_SIGNED|UNABLE/),
    })
  })

  test('a code brings a new person along, and signs nobody in by itself', async () => {
    const { link, invitation } = await makeCode('--invite')
    expect(link.split('#')[0]).not.toContain(invitation)
    const paired = await pair({ code: link })
    expect(paired.invitation).toBe(invitation)
    const transport = new Transport({ baseUrl: paired.baseUrl, fetch: pinnedFetch(paired.ca ?? '') })
    await expect(transport.send({ method: 'GET', path: '/v1/backup' })).rejects.toMatchObject({ status: 401 })
  })

  test('a used code is refused to whoever shows it again, and says no more than an unknown one', async () => {
    const { code } = await makeCode()
    const { id, ticket } = await stretchCode(readPairingCode(code).code)
    expect((await ask({ id, ticket })).status).toBe(200)
    const again = await ask({ id, ticket })
    const never = await ask({ id: 'ZZZZ', ticket })
    expect([again.status, await again.text()]).toEqual([never.status, await never.text()])
    expect(again.status).toBe(410)
    const cli = await hearthkeep(['pair', '--with', code, '--server', server.url], laptop())
    expect([cli.code, cli.stderr]).toEqual([4, expect.stringContaining('not good (any more)')])
  })

  test('a code is dead after five guesses', async () => {
    const { code } = await makeCode()
    const { id, ticket } = await stretchCode(readPairingCode(code).code)
    const guess = { id, ticket: randomBytes(32).toString('base64url') }
    for (let tries = 0; tries < 5; tries++) expect((await ask(guess)).status).toBe(410)
    expect((await ask({ id, ticket })).status).toBe(410)
  })

  describe('a neighbour who pretends to be the server', () => {
    let impostor: Server
    let at = ''
    /** What the neighbour makes of the server's answer. */
    let change: (answer: Record<string, unknown>) => object
    beforeAll(async () => {
      impostor = createServer(async (request, response) => {
        const parts: Buffer[] = []
        for await (const part of request) parts.push(part as Buffer)
        const real = await ask(JSON.parse(Buffer.concat(parts).toString()))
        const answer = (await real.json()) as Record<string, unknown>
        response.writeHead(real.status, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(real.ok ? change(answer) : answer))
      })
      await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve))
      at = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`
    })
    afterAll(() => new Promise((resolve) => impostor.close(resolve)))

    test.each([
      ['swaps the CA', (answer: object) => ({ ...answer, ca: stranger })],
      ['says that others vouch for it', (answer: object) => ({ ...answer, ca: null })],
      [
        'makes up what vouches',
        (answer: object) => ({ ...answer, ca: stranger, mac: randomBytes(32).toString('base64url') }),
      ],
    ])('and %s is not believed, and is told of', async (_, lie) => {
      change = lie
      const impostors: string[] = []
      const { code } = await makeCode()
      const paired = pair({ code, servers: [at], onImpostor: (server) => impostors.push(server) })
      await expect(paired).rejects.toMatchObject({ kind: 'pairing', reason: 'not-vouched' })
      expect(impostors).toEqual([at])
    })

    test('and hands everything on unchanged gains nothing', async () => {
      change = (answer) => answer
      const { code } = await makeCode()
      expect(await pair({ code, servers: [at] })).toMatchObject({ baseUrl: httpsOf(server), ca: caOf(server) })
    })

    test('and leads elsewhere gets no connection', async () => {
      const elsewhere = 'https://localhost:1'
      change = (answer) => ({
        ...answer,
        addresses: [elsewhere, 'http://localhost:1', 'https://a:b@localhost', httpsOf(server)],
      })
      const { code } = await makeCode()
      expect((await pair({ code, servers: [at] })).baseUrl).toBe(httpsOf(server))
    })

    test('is caught by a link even without asking what vouches', async () => {
      change = (answer) => ({ ...answer, ca: stranger })
      const { link } = await makeCode()
      const led = link.replace(/^http:\/\/[^/]+/, at)
      await expect(pair({ code: led })).rejects.toMatchObject({ reason: 'not-vouched' })
    })
  })

  test.skipIf(reason !== '')(`plain HTTP in the house carries it, as the answer proves itself${reason}`, async () => {
    const { code } = await makeCode()
    const { id, ticket } = await stretchCode(readPairingCode(code).code)
    const body = JSON.stringify({ id, ticket })
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }
    const answer = await askPlainly(server, house, { method: 'POST', path: '/connect/pair', headers, body })
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ ca: caOf(server) })
    const other = await askPlainly(server, house, { path: '/.well-known/webauthn' })
    expect(other.status).toBe(307)
  })

  test.each([
    ['not JSON', '{', 400],
    ['an empty object', '{}', 422],
    ['an id of another kind', JSON.stringify({ id: '../x', ticket: 'A'.repeat(43) }), 422],
    ['a ticket that is too long', JSON.stringify({ id: 'AAAA', ticket: 'A'.repeat(44) }), 422],
    ['a body that is too long', JSON.stringify({ id: 'AAAA', ticket: 'A'.repeat(2_000) }), 413],
  ])('%s is refused in the envelope', async (_, body, status) => {
    const answer = await fetch(`${server.url}/connect/pair`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ allowRetry: false, error: { code: expect.any(String) } })
  })

  test('nothing else is a method of it', async () => {
    const answer = await fetch(`${server.url}/connect/pair`)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST'])
  })

  test('neither code nor ticket is in the log, nor in what the server keeps', async () => {
    const { code } = await makeCode()
    const { id, ticket } = await stretchCode(readPairingCode(code).code)
    await ask({ id, ticket })
    for (const secret of [code, code.replaceAll('-', ''), ticket]) expect(server.log()).not.toContain(secret)
  })

  test('without a running server the keeper is told why there is no code', async () => {
    const { code, stderr } = await hearthkeep(['pair'], laptop())
    expect([code, stderr]).toEqual([2, expect.stringContaining('does not run here')])
  })
})
