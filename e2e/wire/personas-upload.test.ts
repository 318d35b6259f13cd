import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { failure, type Person, register } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const limit = 10 * mebibyte

let server: TestServer
let url: string
let ada: Person
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())
beforeEach(async () => {
  ada = await register(url)
})

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = async (pid = 'p') => Buffer.from(await (await ada.get(pid)).arrayBuffer())
const tooLarge = failure([4, 13], 'Payload too large')

/** Sent in chunks, without a Content-Length. */
function stream(bytes: Uint8Array, size = 64 * 1024): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, at + size))
      at += size
    },
  })
}

describe('size', () => {
  test('10 MiB pass, with Content-Length and without, and come back as they were', async () => {
    const bytes = randomBytes(limit)
    expect((await ada.put('p', bytes)).status).toBe(200)
    expect(digest(await bytesOf())).toBe(digest(bytes))
    expect((await ada.put('q', stream(bytes))).status).toBe(200)
    expect(digest(await bytesOf('q'))).toBe(digest(bytes))
  })

  test('one byte more is 413 either way, and nothing is stored', async () => {
    const bytes = Buffer.alloc(limit + 1)
    expect(await said(ada.put('p', bytes))).toEqual(tooLarge)
    expect(await said(ada.put('p', stream(bytes)))).toEqual(tooLarge)
    expect(await said(ada.list())).toEqual([200, { personas: [] }])
  })

  test('a chunked body without a byte is missing content', async () => {
    expect(await said(ada.put('p', stream(Buffer.alloc(0))))).toEqual(failure([4], 'Missing required content'))
  })

  test('the limit is a setting', async () => {
    await using small = await startServer({ env: { HEARTHKEEP_PERSONA_MAX_BYTES: '1000' } })
    const bob = await register(small.url)
    expect((await bob.put('p', Buffer.alloc(1000))).status).toBe(200)
    expect(await said(bob.put('p', Buffer.alloc(1001)))).toEqual(tooLarge)
  })

  test('an upload that breaks off leaves the good version', async () => {
    await ada.put('p', 'good')
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.write(
      `POST /personas/p HTTP/1.1\r\nHost: x\r\nAuthorization: ${ada.auth.Authorization}\r\n` +
        `Content-Type: a/b\r\nContent-Length: 1000\r\n\r\nhalf of it`,
    )
    await sleep(200)
    socket.destroy()
    await sleep(100)
    const answer = await ada.get('p')
    expect([answer.headers.get('etag'), await answer.text()]).toEqual(['"1"', 'good'])
  })
})

describe('Content-Encoding', () => {
  const bytes = Buffer.concat([randomBytes(100_000), Buffer.alloc(400_000, 'text ')])

  test.each([
    ['gzip', gzipSync(bytes)],
    ['deflate', deflateSync(bytes)],
    ['deflate', deflateRawSync(bytes)],
  ])('%s is inflated before it is stored, with Content-Length and without', async (encoding, packed) => {
    for (const body of [packed, stream(packed, 1000)]) {
      expect((await ada.put('p', body, { 'Content-Encoding': encoding })).status).toBe(200)
      const answer = await ada.get('p')
      expect(answer.headers.get('content-encoding')).toBeNull()
      expect(digest(Buffer.from(await answer.arrayBuffer()))).toBe(digest(bytes))
    }
  })

  test('the limit counts what comes out', async () => {
    const random = randomBytes(limit)
    expect((await ada.put('p', gzipSync(random), { 'Content-Encoding': 'gzip' })).status).toBe(200)
    expect(await said(ada.put('p', gzipSync(Buffer.alloc(limit + 1)), { 'Content-Encoding': 'gzip' }))).toEqual(
      tooLarge,
    )
    expect((await bytesOf()).length).toBe(limit)
  })

  test('a bomb of 4 GiB is 413 within seconds and costs no memory', async () => {
    const zeros = gzipSync(Buffer.alloc(64 * mebibyte))
    const bomb = Buffer.concat(Array.from({ length: 64 }, () => zeros))
    const before = await residentBytes()
    const began = performance.now()
    for (const path of ['/personas/p', '/accounts']) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { ...ada.auth, 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
        body: bomb,
      })
      expect(await said(answer)).toEqual(tooLarge)
    }
    expect(performance.now() - began).toBeLessThan(10_000)
    expect((await residentBytes()) - before).toBeLessThan(200 * mebibyte)
    expect(await said(ada.list())).toEqual([200, { personas: [] }])
  })

  test.each([
    ['gzip that is none', 'gzip', Buffer.from('PK not gzip'), 400],
    ['gzip cut short', 'gzip', gzipSync(bytes).subarray(0, 50_000), 400],
    ['br', 'br', Buffer.from('x'), 415],
    ['gzip twice', 'gzip, gzip', Buffer.from('x'), 415],
  ])('%s is refused and nothing is stored', async (_, encoding, body, status) => {
    const answer = await ada.put('p', body, { 'Content-Encoding': encoding })
    expect(answer.status).toBe(status)
    if (status === 415) expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate')
    expect((await answer.json()) as object).toHaveProperty('failure.code', status === 415 ? [4, 15] : [4])
    expect(await said(ada.list())).toEqual([200, { personas: [] }])
  })

  async function residentBytes(): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1])
  }
})

describe('versions (additive)', () => {
  const stale = failure([4, 12], 'Precondition failed')

  test('ETag counts the versions and goes on after a DELETE', async () => {
    expect((await ada.put('p', 'one')).headers.get('etag')).toBe('"1"')
    expect((await ada.put('p', 'two')).headers.get('etag')).toBe('"2"')
    await ada.remove('p')
    expect((await ada.put('p', 'three')).headers.get('etag')).toBe('"3"')
    expect((await ada.head('p')).headers.get('etag')).toBe('"3"')
  })

  test('If-Match keeps one phone from overwriting another’s', async () => {
    await ada.put('p', 'one')
    const late = await ada.put('p', 'late', { 'If-Match': '"7"' })
    expect(late.headers.get('etag')).toBe('"1"')
    expect(await said(late)).toEqual(stale)
    expect((await ada.put('p', 'two', { 'If-Match': '"7", "1"' })).status).toBe(200)
    expect(await said(ada.put('p', 'x', { 'If-Match': 'W/"2"' }))).toEqual(stale)
    expect((await ada.put('p', 'three', { 'If-Match': '*' })).status).toBe(200)
    expect(await said(ada.put('none', 'x', { 'If-Match': '*' }))).toEqual(stale)
    expect(await said(ada.put('p', 'x', { 'If-Match': '3' }))).toEqual(failure([4], 'Invalid If-Match header'))
    expect(await said(ada.remove('p', { 'If-Match': '"2"' }))).toEqual(stale)
    expect(await said(ada.get('p', { 'If-Match': '"2"' }))).toEqual(stale)
    expect(await said(ada.remove('none', { 'If-Match': '"1"' }))).toEqual(stale)
    expect((await ada.remove('p', { 'If-Match': '"3"' })).status).toBe(200)
  })

  test('If-None-Match: * lets one of many create it', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) => ada.put('p', `from ${n}`, { 'If-None-Match': '*' })),
    )
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)])
  })

  test('GET and HEAD answer 304 to what the client has', async () => {
    await ada.put('p', 'one')
    for (const known of ['"1"', 'W/"1"', '"0", "1"', '*']) {
      const answer = await ada.get('p', { 'If-None-Match': known })
      expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([304, '"1"', ''])
      expect((await ada.head('p', { 'If-None-Match': known })).status).toBe(304)
    }
    expect((await ada.get('p', { 'If-None-Match': '"2"' })).status).toBe(200)
    expect((await ada.get('none', { 'If-None-Match': '*' })).status).toBe(410)
  })

  test('ranges', async () => {
    await ada.put('p', '0123456789')
    const range = async (value: string, more: Record<string, string> = {}) => {
      const answer = await ada.get('p', { Range: value, ...more })
      return [answer.status, answer.headers.get('content-range'), await answer.text()]
    }
    expect((await ada.get('p')).headers.get('accept-ranges')).toBe('bytes')
    expect(await range('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234'])
    expect(await range('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789'])
    expect(await range('bytes=8-', { 'If-Range': '"1"' })).toEqual([206, 'bytes 8-9/10', '89'])
    expect(await range('bytes=8-', { 'If-Range': '"0"' })).toEqual([200, null, '0123456789'])
    const beyond = await ada.get('p', { Range: 'bytes=10-' })
    expect(beyond.headers.get('content-range')).toBe('bytes */10')
    expect(await said(beyond)).toEqual(failure([4, 16], 'Range not satisfiable'))
  })
})

test('a stored page never runs as one of ours', async () => {
  await ada.put('p', '<script>alert(1)</script>', { 'Content-Type': 'text/html' })
  const answer = await ada.get('p')
  expect(answer.headers.get('content-type')).toBe('text/html')
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('cache-control')).toContain('no-store')
})

test('a person’s quota is 507 in the envelope, and what was there stays', async () => {
  await using small = await startServer({ env: { HEARTHKEEP_QUOTA_BYTES: '1000' } })
  const bob = await register(small.url)
  expect((await bob.put('p', Buffer.alloc(900))).status).toBe(200)
  expect(await said(bob.put('q', Buffer.alloc(200)))).toEqual(failure([5, 7], 'Storage quota exceeded'))
  expect(await said(bob.put('q', stream(Buffer.alloc(200))))).toEqual(failure([5, 7], 'Storage quota exceeded'))
  expect((await bob.put('p', Buffer.alloc(1000))).status).toBe(200)
  expect(await said(bob.list())).toEqual([200, { personas: ['p'] }])
})

test('what was acknowledged is there after a kill -9', async () => {
  await using sturdy = await startServer()
  const bob = await register(sturdy.url)
  const bytes = randomBytes(50_000)
  expect((await bob.put('p', bytes, { 'Content-Type': 'x/y' })).status).toBe(200)
  await sturdy.stop('SIGKILL')
  await sturdy.restart()
  const answer = await fetch(`${sturdy.url}/personas/p`, { headers: bob.auth })
  expect([answer.headers.get('content-type'), answer.headers.get('etag')]).toEqual(['x/y', '"1"'])
  expect(digest(Buffer.from(await answer.arrayBuffer()))).toBe(digest(bytes))
})
