import { once } from 'node:events'
import { createServer as createPlainServer, get, type RequestListener, type Server } from 'node:http'
import { connect, createServer as createHttp2Server, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { sendChunks } from './node-answer.ts'

/** Ask, and go away when so many bytes have come. @returns how many came, or null when the answer was cut short */
type Ask = (port: number, leaveAfter?: number) => Promise<number | null>

const askPlainly: Ask = (port, leaveAfter = Number.POSITIVE_INFINITY) =>
  new Promise((resolve) => {
    let size = 0
    const request = get({ port, agent: false }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size >= leaveAfter) request.destroy()
      })
      answer.on('end', () => resolve(size)).on('error', () => resolve(null))
    })
    request.on('error', () => resolve(null))
    if (leaveAfter === 0) setTimeout(() => request.destroy(), 50)
  })

const askByHttp2: Ask = async (port, leaveAfter = Number.POSITIVE_INFINITY) => {
  const session = connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  const stream = session.request({ ':path': '/' })
  let size = 0
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size >= leaveAfter) stream.destroy()
  })
  if (leaveAfter === 0) setTimeout(() => stream.destroy(), 50)
  await new Promise((resolve) => stream.once('close', resolve))
  session.destroy()
  return stream.rstCode === 0 && leaveAfter > size ? size : null
}

describe.each([
  ['HTTP/1.1', createPlainServer as (listener: RequestListener) => Server | Http2Server, askPlainly],
  ['HTTP/2', createHttp2Server as unknown as (listener: RequestListener) => Server | Http2Server, askByHttp2],
])('%s', (_, createServer, ask) => {
  /** A server that sends 40 chunks of 256 KiB, and says when it was done with them. */
  async function serve({ failAfter = 40, pause = 0 } = {}) {
    const closed = { count: 0, read: 0 }
    async function* chunks() {
      try {
        await sleep(pause)
        for (let n = 0; n < 40; n += 1) {
          if (n === failAfter) throw new Error('the disk is gone')
          closed.read += 1
          yield Buffer.alloc(256 * 1024)
        }
      } finally {
        closed.count += 1
      }
    }
    const server = createServer((_, response) => {
      void sendChunks(response, new Response(null, { status: 200 }), chunks())
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    return { port, closed, [Symbol.dispose]: () => void server.close() }
  }

  test('everything arrives', async () => {
    using server = await serve()
    expect(await ask(server.port)).toBe(40 * 256 * 1024)
    expect(server.closed.count).toBe(1)
  })

  test('a client that goes away half-way, or before the first byte, ends the chunks', async () => {
    using server = await serve({ pause: 200 })
    expect(await ask(server.port, 300_000)).toBeNull()
    await expect.poll(() => server.closed.count).toBe(1)
    expect(server.closed.read).toBeLessThan(40)
    expect(await ask(server.port, 0)).toBeNull()
    await expect.poll(() => server.closed.count).toBe(2)
    expect(await ask(server.port)).toBe(40 * 256 * 1024)
  })

  test('chunks that fail are never taken for whole', async () => {
    using server = await serve({ failAfter: 3 })
    expect(await ask(server.port)).toBeNull()
    expect(server.closed.count).toBe(1)
  })
})
