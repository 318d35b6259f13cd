import { createHash, randomBytes } from 'node:crypto'
import { type ClientRequest, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDevice, error, said, signUp, slot } from '#e2e/support/cloud.ts'
import { sendRaw, statusOf } from '#e2e/support/raw-http.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { type S3Server, startS3Server } from '#e2e/support/s3-server.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const limit = 2 * 1024 * 1024

describe.each(['disk', 's3'] as const)('the slot on %s', (kind) => {
  let s3: S3Server | null = null
  let server: TestServer
  let url: string

  beforeAll(async () => {
    s3 = kind === 's3' ? await startS3Server() : null
    server = await startServer({ env: s3 ? s3Env(s3) : {} })
    url = server.url
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await s3?.stop()
  })

  const person = async () => slot(url, (await signUp(url)).token)
  const device = async () => slot(url, (await addDevice(url, (await signUp(url)).token)).token)

  describe('of a person (seeds/003)', () => {
    test('takes a first upload without If-Match, and each next one with the version before', async () => {
      const mine = await person()
      const first = await mine.put(randomBytes(100))
      expect([first.status, first.headers.get('etag'), await first.text()]).toEqual([200, '"1"', ''])
      const second = await mine.put(randomBytes(200), { 'If-Match': '1' })
      expect([second.status, second.headers.get('etag')]).toEqual([200, '"2"'])
      const third = await mine.put(randomBytes(300), { 'If-Match': '"2"' })
      expect([third.status, third.headers.get('etag')]).toEqual([200, '"3"'])
    })

    test('answers 409 with the current ETag when the version is not the current one, or none is given', async () => {
      const mine = await person()
      await mine.put(randomBytes(100))
      for (const headers of [{}, { 'If-Match': '7' }, { 'If-Match': '0' }, { 'If-None-Match': '*' }] as const) {
        const answer = await mine.put(randomBytes(101), headers as Record<string, string>)
        expect([answer.status, answer.headers.get('etag')]).toEqual([409, '"1"'])
      }
      const nothingYet = await (await person()).put(randomBytes(100), { 'If-Match': '3' })
      expect([nothingYet.status, nothingYet.headers.get('etag')]).toEqual([409, '"0"'])
    })

    test('of eight uploads at once one wins, and its bytes are the ones that stay', async () => {
      const mine = await person()
      await mine.put(randomBytes(64))
      const bodies = Array.from({ length: 8 }, () => randomBytes(4096))
      const answers = await Promise.all(bodies.map((body) => mine.put(body, { 'If-Match': '1' })))
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(7).fill(409)])
      const winner = bodies[answers.findIndex((answer) => answer.status === 200)]
      expect(Buffer.from(await (await mine.get()).arrayBuffer())).toEqual(winner)
    })
  })

  describe('of a device (contract §3)', () => {
    test('wants a condition header', async () => {
      const mine = await device()
      expect(await said(mine.put(randomBytes(100)))).toEqual([400, error('Missing If-Match or If-None-Match header')])
    })

    test('answers 412 with the current ETag on a mismatch', async () => {
      const mine = await device()
      expect((await mine.put(randomBytes(100), { 'If-None-Match': '*' })).headers.get('etag')).toBe('"1"')
      const answer = await mine.put(randomBytes(100), { 'If-Match': '9' })
      expect([answer.status, answer.headers.get('etag'), await answer.json()]).toEqual([
        412,
        '"1"',
        error('Precondition failed'),
      ])
      expect((await mine.put(randomBytes(100), { 'If-None-Match': '*' })).status).toBe(412)
      expect((await mine.put(randomBytes(100), { 'If-Match': '-1' })).status).toBe(412)
    })

    test.each(['0', '"0"'])('If-Match: %s is a first upload', async (value) => {
      expect((await (await device()).put(randomBytes(32), { 'If-Match': value })).status).toBe(200)
    })

    test('If-None-Match: * wins over If-Match', async () => {
      const headers = { 'If-None-Match': '*', 'If-Match': 'nonsense' }
      expect((await (await device()).put(randomBytes(32), headers)).status).toBe(200)
    })

    test('is each device’s own', async () => {
      const someone = await signUp(url)
      const [one, two] = [await addDevice(url, someone.token), await addDevice(url, someone.token)]
      const body = randomBytes(50)
      await slot(url, one.token).put(body, { 'If-None-Match': '*' })
      expect((await slot(url, two.token).get()).status).toBe(404)
      expect((await slot(url, someone.token).get()).status).toBe(404)
      expect(Buffer.from(await (await slot(url, one.token).get()).arrayBuffer())).toEqual(body)
    })

    test('answers 409 while another upload runs, and is free at once when that one is cut off', async () => {
      const { token } = await addDevice(url, (await signUp(url)).token)
      const mine = slot(url, token)
      const slow = request(`${url}/v1/backup`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'If-None-Match': '*', 'Content-Length': '1000' },
      })
      slow.on('error', () => {})
      slow.write(randomBytes(500))
      const other = () => mine.put(randomBytes(100), { 'If-Match': '0' })
      await expect.poll(() => slowHasBegun(slow)).toBe(true)
      expect(await said(other())).toEqual([409, error('Upload already in progress')])
      expect((await mine.put(randomBytes(100), { 'If-Match': '5' })).status).toBe(412)
      slow.destroy()
      await expect.poll(async () => (await other()).status, { interval: 20, timeout: 3000 }).toBe(200)
    })
  })

  test.each(['*', 'W/"1"', '1, 2', 'abc', '""', '99999999999', '1.5'])('If-Match: %s is 400', async (value) => {
    for (const mine of [await person(), await device()])
      expect(await said(mine.put(randomBytes(100), { 'If-Match': value }))).toEqual([
        400,
        error('Invalid version in If-Match header'),
      ])
  })

  test.each(['1', '"*"', 'W/"1"', '*, *'])('If-None-Match: %s on an upload is 400', async (value) => {
    expect(await said((await person()).put(randomBytes(100), { 'If-None-Match': value }))).toEqual([
      400,
      error('Invalid If-None-Match header'),
    ])
  })

  test('sizes from 32 bytes to 2 MiB pass, both included; others do not, and nothing is stored', async () => {
    const mine = await person()
    expect(await said(mine.put(randomBytes(31)))).toEqual([400, error('Backup too small')])
    expect(await said(mine.put(randomBytes(limit + 1)))).toEqual([413, error('Payload too large')])
    expect((await mine.get()).status).toBe(404)
    expect((await mine.put(randomBytes(32))).status).toBe(200)
    const largest = randomBytes(limit)
    expect((await mine.put(largest, { 'If-Match': '1' })).status).toBe(200)
    expect(Buffer.from(await (await mine.get()).arrayBuffer()).equals(largest)).toBe(true)
  })

  test('a body without a length is 411', async () => {
    const { token } = await signUp(url)
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(randomBytes(100))
        controller.close()
      },
    })
    const answer = fetch(`${url}/v1/backup`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect(await said(answer)).toEqual([411, error('Length required')])
  })

  test('an upload that ends early stores nothing', async () => {
    const { token } = await signUp(url)
    const head = `POST /v1/backup HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Length: 100\r\n\r\n`
    await sendRaw(url, `${head}${'a'.repeat(40)}`, 300)
    expect((await slot(url, token).get()).status).toBe(404)
    expect((await slot(url, token).put(randomBytes(32))).headers.get('etag')).toBe('"1"')
  })

  test('the answer that got lost can be asked for again with the same bytes', async () => {
    for (const mine of [await person(), await device()]) {
      await mine.put(randomBytes(64), { 'If-Match': '0' })
      const body = randomBytes(128)
      expect((await mine.put(body, { 'If-Match': '1' })).headers.get('etag')).toBe('"2"')
      const again = await mine.put(body, { 'If-Match': '1' })
      expect([again.status, again.headers.get('etag')]).toEqual([200, '"2"'])
      const other = await mine.put(randomBytes(128), { 'If-Match': '1' })
      expect([409, 412]).toContain(other.status)
    }
  })

  test('GET and HEAD carry the length, the version and the type', async () => {
    const mine = await person()
    const body = randomBytes(12_345)
    await mine.put(body, { 'Content-Type': 'text/html' })
    for (const answer of [await mine.get(), await mine.head()]) {
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-length')).toBe('12345')
      expect(answer.headers.get('etag')).toBe('"1"')
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('cache-control')).toMatch(/private|no-store/)
      const digest = createHash('sha256').update(body).digest('base64')
      expect(answer.headers.get('repr-digest')).toBe(`sha-256=:${digest}:`)
    }
    expect(await (await mine.head()).text()).toBe('')
  })

  test('nothing stored is 404 for GET, also with If-None-Match: 0, and for HEAD', async () => {
    const mine = await person()
    expect(await said(mine.get())).toEqual([404, error('Not found')])
    expect((await mine.get({ 'If-None-Match': '"0"' })).status).toBe(404)
    expect((await mine.head()).status).toBe(404)
  })

  test('If-None-Match knows only the exact integer, quoted or bare', async () => {
    const mine = await person()
    await mine.put(randomBytes(64))
    for (const value of ['1', '"1"']) {
      const answer = await mine.get({ 'If-None-Match': value })
      expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([304, '"1"', ''])
    }
    for (const value of ['*', 'W/"1"', '"1", "2"', 'x', '2'])
      expect((await mine.get({ 'If-None-Match': value })).status).toBe(200)
    expect((await mine.head({ 'If-None-Match': '"1"' })).status).toBe(200)
  })

  test('one range is answered, several or malformed ones are not taken for any', async () => {
    const mine = await person()
    const body = randomBytes(1000)
    await mine.put(body)
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=10-19', 10, 19],
      ['bytes=990-', 990, 999],
      ['bytes=-5', 995, 999],
      ['bytes=900-5000', 900, 999],
    ] as const) {
      const answer = await mine.get({ Range: range })
      expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/1000`])
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(body.subarray(start, end + 1))
    }
    expect((await mine.get({ Range: 'bytes=1000-' })).status).toBe(416)
    for (const range of ['bytes=0-1,5-6', 'items=0-1', 'bytes=5-2', 'bytes=-'])
      expect((await mine.get({ Range: range })).status).toBe(200)
    expect((await mine.get({ Range: 'bytes=0-9', 'If-Range': '"1"' })).status).toBe(206)
    expect((await mine.get({ Range: 'bytes=0-9', 'If-Range': '"0"' })).status).toBe(200)
  })

  test('a digest that does not match refuses the upload', async () => {
    const mine = await person()
    const body = randomBytes(64)
    const right = createHash('sha256').update(body).digest('base64')
    const wrong = createHash('sha256').update('other').digest('base64')
    expect((await mine.put(body, { 'Content-Digest': `sha-256=:${wrong}:` })).status).toBe(400)
    expect((await mine.get()).status).toBe(404)
    expect((await mine.put(body, { 'Repr-Digest': `sha-256=:${right}:` })).status).toBe(200)
  })

  test('what was overwritten is listed and can be brought back, by its owner alone', async () => {
    const { token } = await addDevice(url, (await signUp(url)).token)
    const stranger = (await signUp(url)).token
    const [first, second] = [randomBytes(100), randomBytes(200)]
    await slot(url, token).put(first, { 'If-None-Match': '*' })
    await slot(url, token).put(second, { 'If-Match': '1' })
    const call = (path: string, as: string, method = 'GET') =>
      fetch(`${url}/v1/backup/history${path}`, { method, headers: { Authorization: `Bearer ${as}` } })

    expect(await (await call('', token)).json()).toMatchObject({ history: [{ version: 1, size: 100 }] })
    expect(await (await call('', stranger)).json()).toEqual({ history: [] })
    for (const [path, as] of [
      ['/1', stranger],
      ['/7', token],
      ['/2', token],
      ['/x', token],
    ] as const)
      expect((await call(path, as, 'POST')).status).toBe(404)
    expect((await call('/1', 'nobody', 'POST')).status).toBe(401)

    const restored = await call('/1', token, 'POST')
    expect([restored.status, restored.headers.get('etag')]).toEqual([200, '"3"'])
    expect(Buffer.from(await (await slot(url, token).get()).arrayBuffer())).toEqual(first)
    expect(await (await call('', token)).json()).toMatchObject({ history: [{ version: 2, size: 200 }] })
    expect((await slot(url, token).put(second, { 'If-Match': '2' })).status).toBe(412)
  })

  test.each(['PUT', 'DELETE', 'PATCH'])('%s is 405 with Allow', async (method) => {
    const answer = await fetch(`${url}/v1/backup`, { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
  })

  test.each([
    ['no header', ''],
    ['another scheme', 'Authorization: Basic YTpi\r\n'],
    ['the scheme in lower case', 'Authorization: bearer abc\r\n'],
    ['no token of ours', 'Authorization: Bearer abc.def.ghi\r\n'],
    ['an unsigned token', 'Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.\r\n'],
  ])('%s is 401', async (_name, header) => {
    const answer = await sendRaw(url, `GET /v1/backup HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\n\r\n`)
    expect(statusOf(answer)).toBe(401)
    expect(answer).toContain('{"error":"Unauthorized"}')
  })

  test('401 comes before everything else about an upload', async () => {
    const answer = await slot(url, 'nobody').put(randomBytes(10), { 'If-Match': 'x' })
    expect(answer.status).toBe(401)
  })
})

/** The server has the head and the first bytes of the body. */
async function slowHasBegun(upload: ClientRequest): Promise<boolean> {
  await sleep(150)
  return upload.socket?.bytesWritten !== undefined && upload.socket.bytesWritten > 500
}
