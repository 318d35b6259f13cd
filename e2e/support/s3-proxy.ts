import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** Faults that a test may switch on and off at any time. */
export type S3Faults = {
  /** Answer a request with this status instead of passing it on. */
  refuse?: (request: IncomingMessage) => number | undefined
  /** After so many bytes of uploads, counted from when this was set: drop every connection and accept no more. */
  dieAfterUploaded?: number
  /** After so many bytes of one download: drop its connection. */
  cutDownloadAfter?: number
  /** After so many bytes of one download: send no more, but keep the connection. */
  stallDownloadAfter?: number
  /** Pass the request on, but drop the connection instead of handing its answer back. */
  loseAnswer?: (request: IncomingMessage) => boolean
}

export type S3Proxy = {
  endpoint: string
  /** Replace the faults; `{}` for an honest proxy. */
  set(faults: S3Faults): void
  /** Method, path with query, and headers of every request so far. */
  seen: Pick<IncomingMessage, 'method' | 'url' | 'headers'>[]
  stop(): Promise<void>
}

/** A real HTTP proxy in front of an S3 endpoint, for failures that no server has on demand. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const { hostname, port } = new URL(target)
  const seen: S3Proxy['seen'] = []
  const sockets = new Set<Socket>()
  let faults: S3Faults = {}
  let uploaded = 0
  let dead = false

  function die() {
    dead = true
    for (const socket of sockets) socket.destroy()
  }

  function pass(request: IncomingMessage, response: ServerResponse) {
    const { method, url, headers } = request
    seen.push({ method, url, headers })
    const refusal = faults.refuse?.(request)
    if (refusal) return refuse(request, response, refusal)

    const onward = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      if (faults.loseAnswer?.(request)) {
        answer.resume()
        request.socket.destroy()
        return
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      // The headers go out even if the body is held back.
      response.flushHeaders()
      handBack(answer, response, method === 'GET' ? faults : {})
    })
    onward.on('error', () => request.socket.destroy())
    response.on('close', () => {
      onward.destroy()
      // An answer may come before the whole request; unread, the rest would block the connection's next request.
      request.unpipe()
      request.resume()
    })
    request.on('data', (chunk: Buffer) => {
      uploaded += chunk.byteLength
      if (uploaded >= (faults.dieAfterUploaded ?? Number.POSITIVE_INFINITY)) die()
    })
    request.pipe(onward)
  }

  const server = createServer(pass)
  server.on('connection', (socket) => {
    if (dead) return socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    return socket
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set(next) {
      faults = next
      uploaded = 0
      dead = false
    },
    seen,
    async stop() {
      die()
      server.close()
      await once(server, 'close')
    },
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  const body = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>Refused</Code><Message>by the test</Message></Error>'
  request.resume()
  request.on('end', () => {
    response.writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
}

function handBack(answer: IncomingMessage, response: ServerResponse, faults: S3Faults): void {
  const { cutDownloadAfter = Number.POSITIVE_INFINITY, stallDownloadAfter = Number.POSITIVE_INFINITY } = faults
  const allowed = Math.min(cutDownloadAfter, stallDownloadAfter)
  if (allowed === Number.POSITIVE_INFINITY) {
    answer.pipe(response)
    return
  }
  let passed = 0
  answer.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, Math.max(0, allowed - passed))
    passed += part.byteLength
    response.write(part, () => {
      if (passed >= cutDownloadAfter) response.destroy()
    })
    if (passed >= allowed) answer.pause()
  })
  answer.on('end', () => {
    if (passed < allowed) response.end()
  })
}
