import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readFields } from './fields-body.ts'
import { contentOf } from './inflate.ts'

const limit = 1024 * 1024
const text = Buffer.from('the bytes as they were '.repeat(5_000))

function post(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
}

async function read(request: Request, most = limit): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of contentOf(request, most)) {
    size += chunk.length
    if (size > most) throw new Error('more than was asked for')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

test.each([
  ['gzip', gzipSync(text)],
  ['x-gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['deflate', deflateRawSync(text)],
  ['identity', text],
])('%s is undone', async (encoding, body) => {
  expect((await read(post(body, { 'Content-Encoding': encoding }))).equals(text)).toBe(true)
})

test('several gzip members are one body', async () => {
  const body = Buffer.concat([gzipSync('one '), gzipSync('two')])
  expect(String(await read(post(body, { 'Content-Encoding': 'gzip' })))).toBe('one two')
})

test('an empty body stays empty', async () => {
  expect(await read(post('', { 'Content-Encoding': 'gzip' }))).toHaveLength(0)
})

test.each(['br', 'zstd', 'gzip, gzip', 'rot13'])('%s is 415', async (encoding) => {
  expect(() => contentOf(post('x', { 'Content-Encoding': encoding }), limit)).toThrow('Unsupported content encoding')
})

test.each([
  ['not gzip at all', Buffer.from('PK and then something else')],
  ['cut short', gzipSync(text).subarray(0, -20)],
  ['with a wrong checksum', Buffer.concat([gzipSync(text).subarray(0, -8), Buffer.alloc(8)])],
])('gzip that is %s is 400', async (_, body) => {
  await expect(read(post(body, { 'Content-Encoding': 'gzip' }))).rejects.toMatchObject({ code: 'body.malformed' })
})

/** Sends the same bytes until it is told to stop. */
function endless(chunk: Uint8Array) {
  const sent = { chunks: 0, stop: false }
  const source = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve))
        if (sent.stop) return controller.close()
        sent.chunks++
        controller.enqueue(chunk)
      },
    },
    { highWaterMark: 0 },
  )
  return { source, sent }
}

test('a bomb is inflated no further than its reader goes', async () => {
  const { source, sent } = endless(gzipSync(Buffer.alloc(1024 * 1024)))
  const before = process.memoryUsage().rss
  await expect(read(post(source, { 'Content-Encoding': 'gzip' }), 64 * 1024 * 1024)).rejects.toThrow('more than')
  // A few are on their way through the streams; 64 are what was asked for.
  expect(sent.chunks).toBeLessThan(150)
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024)
  sent.stop = true
})

test('compressed bytes without content do not go on for ever', async () => {
  const { source, sent } = endless(Buffer.from([0x00, 0x00, 0x00, 0xff, 0xff]))
  await expect(read(post(source, { 'Content-Encoding': 'deflate' }), 4096)).rejects.toMatchObject({
    code: 'body.too_large',
  })
  sent.stop = true
})

test('what a refused client still sends is taken, so that it gets to read the answer', async () => {
  const { source, sent } = endless(Buffer.alloc(100))
  await expect(read(post(source), 1000)).rejects.toThrow('more than')
  const then = sent.chunks
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(sent.chunks).toBeGreaterThan(then)
  sent.stop = true
})

const json = { 'Content-Type': 'application/json' }
const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }

test('fields come as JSON or as a form', async () => {
  expect(await readFields(post('{"a":"1","b":2}', json), 100)).toEqual({ a: '1', b: 2 })
  expect(await readFields(post('a=1+%26&b=%C3%A9', form), 100)).toEqual({ a: '1 &', b: 'é' })
  expect(await readFields(post('a=1&a=2&a=3', form), 100)).toEqual({ a: ['1', '2', '3'] })
  const gzipped = post(gzipSync('{"a":1}'), { ...json, 'Content-Encoding': 'gzip' })
  expect(await readFields(gzipped, 100)).toEqual({ a: 1 })
})

test('no body and other media types have no fields', async () => {
  expect(await readFields(post('', json), 100)).toEqual({})
  expect(await readFields(post(null), 100)).toEqual({})
  expect(await readFields(post('a=1', { 'Content-Type': 'text/plain' }), 100)).toEqual({})
})

test('a field called __proto__ is a field', async () => {
  const fields = await readFields(post('__proto__=x&email=a', form), 100)
  expect(Object.keys(fields)).toEqual(['__proto__', 'email'])
})

test.each([
  ['{"a":', json, 'body.malformed'],
  ['"text"', json, 'body.malformed'],
  ['null', json, 'body.malformed'],
  [new Uint8Array([0x7b, 0xff, 0x7d]), json, 'body.malformed'],
  ['{}', { 'Content-Type': 'application/json; charset=utf-16' }, 'body.media_type'],
  [JSON.stringify({ a: 'x'.repeat(200) }), json, 'body.too_large'],
  [gzipSync(JSON.stringify({ a: 'x'.repeat(200) })), { ...json, 'Content-Encoding': 'gzip' }, 'body.too_large'],
])('%s is %s', async (body, headers, code) => {
  await expect(readFields(post(body, headers), 100)).rejects.toMatchObject({ code })
})
