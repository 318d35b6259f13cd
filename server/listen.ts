import { createServer, type RequestListener, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { type CertificateKeeper, secureOptions } from '#server/lan/certificate-keeper.ts'

/** Bound sockets that take requests. */
export type Listener = {
  port: number
  /** Take no new connections and no new requests; resolves when those under way are answered. */
  drain(): Promise<void>
  /** End what is still under way. */
  cut(): void
}

const mebibyte = 1024 * 1024
/** How long a connection without requests stays open, milliseconds. */
const keepAlive = 65_000

/** Plain HTTP on loopback only. `localhost` is ::1 first for many clients; a machine without IPv6 goes without. */
export async function listenOnLoopback(answer: RequestListener, wanted: number): Promise<Listener> {
  const first = plainServer(answer)
  const port = await bind(first, '127.0.0.1', wanted)
  const second = plainServer(answer)
  const servers = await bind(second, '::1', port).then(
    () => [first, second],
    () => [first],
  )
  return listener(servers, port)
}

/** Plain HTTP on all addresses. */
export async function listenEverywhere(answer: RequestListener, wanted: number): Promise<Listener> {
  const server = plainServer(answer)
  return listener([server], await bindEverywhere(server, wanted))
}

/** HTTPS on all addresses, HTTP/2 and HTTP/1.1 by the client's choice, with the keeper's certificate of the moment. */
export async function listenSecurely(
  answer: RequestListener,
  wanted: number,
  certificates: CertificateKeeper,
): Promise<Listener> {
  const server = createSecureServer(
    {
      ...secureOptions(certificates.current),
      allowHTTP1: true,
      handshakeTimeout: 30_000,
      // A window of 64 KiB would make every upload wait for the Wi-Fi's answer.
      settings: { maxConcurrentStreams: 128, initialWindowSize: mebibyte },
    },
    answer as unknown as Parameters<typeof createSecureServer>[1],
  )
  // For its connections of HTTP/1.1; the types do not know them.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: keepAlive })
  server.on('session', (session) => {
    session.setLocalWindowSize(4 * mebibyte)
    // Lets the streams that are open finish.
    session.setTimeout(keepAlive, () => session.close())
  })
  // A client that does not trust us ends the handshake; that is its business.
  server.on('tlsClientError', () => {})
  certificates.serve(server)
  return listener([server], await bindEverywhere(server, wanted))
}

/** Bodies have deadlines of their own (`server/http/body.ts`), so Node's limit on whole requests is off. */
function plainServer(answer: RequestListener): Server {
  return createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: keepAlive, noDelay: true }, answer)
}

function listener(servers: (Server | Http2SecureServer)[], port: number): Listener {
  const open = new Set<{ destroy(): void }>()
  for (const server of servers)
    server.on('connection', (socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
  let drained: Promise<void> | null = null
  return {
    port,
    drain() {
      drained ??= drain(servers)
      return drained
    },
    cut() {
      for (const socket of open) socket.destroy()
    },
  }
}

async function drain(servers: (Server | Http2SecureServer)[]): Promise<void> {
  const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
  // A connection whose last answer is out stays open for the next request, which is not taken any more.
  const again = setInterval(() => {
    for (const server of servers as Server[]) server.closeIdleConnections()
  }, 100)
  await Promise.all(closed)
  clearInterval(again)
}

/** On a machine without IPv6 that is every IPv4 address. */
function bindEverywhere(server: Server | Http2SecureServer, port: number): Promise<number> {
  return bind(server, '::', port).catch((error) => {
    if (error.code === 'EAFNOSUPPORT') return bind(server, '0.0.0.0', port)
    throw error
  })
}

function bind(server: Server | Http2SecureServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
