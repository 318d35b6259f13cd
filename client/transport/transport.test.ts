import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { isNetworkError, isProtocolError, isServerError, type NetworkError, type ServerError } from './errors.ts'
import { readRetryAfter } from './retry-policy.ts'
import { Transport } from './transport.ts'

const open: { close(): void; closeAllConnections(): void }[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function transportTo(baseUrl: string, idleMs = 5_000) {
  const waits: number[] = []
  const transport = new Transport({
    baseUrl,
    idleMs,
    pause: async (ms) => {
      waits.push(ms)
    },
  })
  return { transport, waits }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('the call succeeded'),
    (error) => error,
  )
}

test('sends JSON with a bearer token below the base path and reads JSON back', async () => {
  const url = await serve(async (request, response) => {
    const body = (await buffer(request)).toString()
    response.end(JSON.stringify({ path: request.url, authorization: request.headers.authorization, body }))
  })
  const { transport } = transportTo(`${url}/home/`)
  const reply = await transport.send({ method: 'POST', path: '/x', json: { a: 1 }, bearer: 't' })
  expect(await reply.json()).toEqual({ path: '/home/x', authorization: 'Bearer t', body: '{"a":1}' })
})

test('waits as long as Retry-After says, at most ten seconds, and gives up after the second repetition', async () => {
  let calls = 0
  const url = await serve((_, response) => {
    calls += 1
    response.writeHead(429, { 'Retry-After': calls === 1 ? '3' : '60' }).end('slow down')
  })
  const { transport, waits } = transportTo(url)
  const error = await failure(transport.send({ method: 'POST', path: '/', json: {} }))
  expect(isServerError(error, 429)).toBe(true)
  expect((error as ServerError).retryAfter).toBe(60)
  expect(waits).toEqual([3_000, 10_000])
  expect(calls).toBe(3)
})

test('repeats a busy server’s refusal of a POST only when it says when', async () => {
  const posts: string[] = []
  const url = await serve((request, response) => {
    posts.push(request.url ?? '')
    const first = posts.filter((path) => path === request.url).length === 1
    if (!first) return void response.end('{}')
    response.writeHead(503, request.url === '/told' ? { 'Retry-After': '1' } : {}).end()
  })
  const { transport } = transportTo(url)
  expect((await transport.send({ method: 'POST', path: '/told' })).status).toBe(200)
  expect(isServerError(await failure(transport.send({ method: 'POST', path: '/untold' })), 503)).toBe(true)
  expect((await transport.send({ method: 'GET', path: '/untold' })).status).toBe(200)
})

test('repeats a call after a broken connection only when that cannot do harm', async () => {
  const seen: string[] = []
  const url = await serve((request, response) => {
    seen.push(request.method ?? '')
    if (seen.length % 2 === 1) return void request.socket.destroy()
    response.end('fine')
  })
  const { transport } = transportTo(url)
  expect(await (await transport.send({ method: 'GET', path: '/' })).text()).toBe('fine')
  expect(isNetworkError(await failure(transport.send({ method: 'POST', path: '/' })))).toBe(true)
  expect(seen).toEqual(['GET', 'GET', 'POST'])
})

test('names the system’s code when nobody listens', async () => {
  const error = await failure(transportTo('http://127.0.0.1:1').transport.send({ method: 'POST', path: '/' }))
  expect(isNetworkError(error)).toBe(true)
  expect((error as NetworkError).message).toContain('http://127.0.0.1:1')
})

test('gives up on a server that falls silent before or in the middle of its answer', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/middle') response.writeHead(200, { 'Content-Length': '100' }).write('half')
  })
  const { transport } = transportTo(url, 60)
  const before = await failure(transport.send({ method: 'POST', path: '/before' }))
  expect((before as NetworkError).code).toBe('timeout')
  const reply = await transport.send({ method: 'GET', path: '/middle' })
  expect(isNetworkError(await failure(reply.text()))).toBe(true)
})

test('does not cut a slow answer as long as it moves', async () => {
  const url = await serve(async (_, response) => {
    for (let piece = 0; piece < 6; piece += 1) {
      response.write('x')
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    response.end()
  })
  const reply = await transportTo(url, 120).transport.send({ method: 'GET', path: '/' })
  expect(await reply.text()).toBe('xxxxxx')
})

test('throws the caller’s own reason when the caller gives up', async () => {
  const url = await serve(() => {})
  const controller = new AbortController()
  const call = transportTo(url).transport.send({ method: 'GET', path: '/', signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  expect(((await failure(call)) as Error).message).toBe('changed my mind')
})

test('uploads with a length and with progress, from bytes and from a stream', async () => {
  const lengths: (string | undefined)[] = []
  const url = await serve(async (request, response) => {
    lengths.push(request.headers['content-length'])
    response.end(String((await buffer(request)).length))
  })
  const { transport } = transportTo(url)
  const bytes = new Uint8Array(200_000)
  for (const body of [bytes, { length: bytes.length, open: () => new Blob([bytes]).stream() as never }]) {
    const steps: number[] = []
    const call = { method: 'POST', path: '/', body, onProgress: (step: { loaded: number }) => steps.push(step.loaded) }
    expect(await (await transport.send(call)).text()).toBe('200000')
    expect(steps.length).toBeGreaterThan(body === bytes ? 1 : 0)
    expect(steps.at(-1)).toBe(200_000)
  }
  expect(lengths).toEqual(['200000', '200000'])
})

test('reports the progress of a download and refuses one that is too large, announced or not', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/announced') response.setHeader('Content-Length', '5000')
    response.end(Buffer.alloc(5_000))
  })
  const { transport } = transportTo(url)
  const steps: { loaded: number; total: number | null }[] = []
  const reply = await transport.send({ method: 'GET', path: '/announced' })
  expect(await reply.bytes({ maxBytes: 5_000, onProgress: (step) => steps.push(step) })).toHaveLength(5_000)
  expect(steps.at(-1)).toEqual({ loaded: 5_000, total: 5_000 })
  for (const path of ['/announced', '/silent']) {
    const large = await transport.send({ method: 'GET', path })
    expect(isProtocolError(await failure(large.bytes({ maxBytes: 4_999 })))).toBe(true)
  }
})

test('does not follow a redirect, which could carry a password to another server', async () => {
  const elsewhere: unknown[] = []
  const other = await serve((request, response) => {
    elsewhere.push(request.url)
    response.end()
  })
  const url = await serve((_, response) => {
    response.writeHead(308, { Location: `${other}/v1/users` }).end()
  })
  const error = await failure(transportTo(url).transport.send({ method: 'POST', path: '/', json: { password: 'p' } }))
  expect((error as Error).message).toContain(other)
  expect(elsewhere).toEqual([])
})

test.each([
  ['{"error":"Not found"}', 'application/json', 'Not found', undefined],
  ['{"error":{"message":"No","code":"x.y"}}', 'application/json', 'No', 'x.y'],
  ['{"message":"Nope","code":"z"}', 'application/json', 'Nope', 'z'],
  ['too\u001b[2J fast\r\n', 'text/plain', 'too [2J fast', undefined],
  ['<html>nginx</html>', 'text/html', 'The server answered 418', undefined],
  ['', 'text/plain', 'The server answered 418', undefined],
])('reads the words of the refusal %j', async (body, type, message, code) => {
  const url = await serve((_, response) => {
    response.writeHead(418, { 'Content-Type': type, 'Set-Cookie': 'secret=1' }).end(body)
  })
  const error = (await failure(transportTo(url).transport.send({ method: 'GET', path: '/' }))) as ServerError
  expect([error.status, error.message, error.code]).toEqual([418, message, code])
  expect(error.headers.has('set-cookie')).toBe(false)
})

test.each([['ftp://x'], ['nonsense'], ['http://user:secret@host'], ['http://host/?token=1']])(
  'refuses %s as a server address without repeating it',
  (address) => {
    expect(() => new Transport({ baseUrl: address })).toThrow(TypeError)
    expect(() => new Transport({ baseUrl: address })).not.toThrow(/secret|token=/)
  },
)

test('reads Retry-After as seconds or as a date', () => {
  const now = Date.parse('2026-11-21T07:00:00Z')
  expect(readRetryAfter('7', now)).toBe(7)
  expect(readRetryAfter('Sat, 21 Nov 2026 07:00:05 GMT', now)).toBe(5)
  expect(readRetryAfter('Sat, 21 Nov 2026 06:00:00 GMT', now)).toBe(0)
  expect(readRetryAfter('soon', now)).toBeUndefined()
})
