import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Context } from './context.ts'

export type Listening = {
  /** E.g. `http://127.0.0.1:4180`. */
  url: string
  /** Take no new requests; resolves when those under way are answered, or after `milliseconds`. */
  drain(milliseconds: number): Promise<void>
}

/**
 * Listen for plain HTTP. Loopback only, unless the LAN may speak plain HTTP in full or a proxy stands in front; and
 * always loopback only before set-up is finished (design §6, §7).
 */
export async function listen(ctx: Context, answer: RequestListener): Promise<Listening> {
  const { httpPort, lanHttp, tls } = ctx.config
  const beyondLoopback = ctx.settings.values.setUpAt !== null && (lanHttp === 'full' || tls === 'proxy')
  const servers = [makeServer(answer)]
  const port = await bind(servers[0] as Server, beyondLoopback ? '::' : '127.0.0.1', httpPort).catch((error) => {
    // A machine without IPv6.
    if (beyondLoopback && error.code === 'EAFNOSUPPORT') return bind(servers[0] as Server, '0.0.0.0', httpPort)
    throw error
  })
  if (!beyondLoopback) {
    // `localhost` is ::1 first for many clients; a machine without IPv6 goes without.
    const second = makeServer(answer)
    await bind(second, '::1', port).then(
      () => servers.push(second),
      () => ctx.log.debug('not listening on ::1'),
    )
  }
  return {
    url: `http://127.0.0.1:${port}`,
    async drain(milliseconds) {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
      const closeIdle = () => {
        for (const server of servers) server.closeIdleConnections()
      }
      closeIdle()
      // A connection whose last answer is out stays open for the next request, which is not taken any more.
      const again = setInterval(closeIdle, 100)
      const hurry = setTimeout(() => {
        for (const server of servers) server.closeAllConnections()
      }, milliseconds)
      await Promise.all(closed)
      clearTimeout(hurry)
      clearInterval(again)
    },
  }
}

/** Bodies have deadlines of their own (`server/http/body.ts`), so Node's limit on whole requests is off. */
function makeServer(answer: RequestListener): Server {
  return createServer({ requestTimeout: 0, headersTimeout: 30_000, keepAliveTimeout: 65_000, noDelay: true }, answer)
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
