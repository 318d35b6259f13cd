import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Config } from '#server/config/env.ts'
import type { Context } from '#server/context.ts'
import { chunksBehind } from './answers.ts'
import { levelHttp2 } from './http2.ts'
import { sendChunks } from './node-answer.ts'
import { noteNodeBody } from './node-body.ts'
import { answerPage } from './page-answer.ts'
import { isKnownHost, preparePage } from './pages.ts'
import { type Forwarding, forwardingFrom, type Peer, plainAddress } from './peer.ts'
import { answerPlainly, secureAddress } from './plain-http.ts'
import type { Match, RouteTable } from './route-table.ts'

/** The header by which the front door tells Next's handlers who called; a client's own is thrown away. */
export const peerHeader = 'x-hearthkeep-peer'

export type FrontDoorOptions = {
  ctx: Context
  table: RouteTable
  /** What answers pages; null while it is still being prepared. */
  pages: () => Promise<RequestListener>
  /** Hand wire paths to Next as well, to hold the two doors equal in tests. */
  wireThroughPages?: boolean
}

const destination = Symbol('hearthkeep.destination')
type Arrived = IncomingMessage & { [destination]?: { match: Match; peer: Peer } }

/**
 * A wire path goes straight to its endpoint, everything else to Next (design §3, stack §1): Next's route handlers
 * drop `Content-Length` and cost ten times the time.
 */
export function createFrontDoor({ ctx, table, pages, wireThroughPages }: FrontDoorOptions): RequestListener {
  const forwarding = forwardingOf(ctx.config)
  const wire = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const arrived = (incoming as Arrived)[destination]
      if (!arrived) throw new Error('A request reached the wire door without a destination')
      noteNodeBody(request, incoming as IncomingMessage)
      const answer = await table.answer(ctx, arrived.match, request, arrived.peer)
      const chunks = chunksBehind(answer)
      if (chunks) {
        await sendChunks(outgoing as ServerResponse, answer, chunks)
        return RESPONSE_ALREADY_SENT
      }
      // The adapter calls every body plain text that nobody called anything else; personas §1 sends 401 without a type.
      if (answer.body && !answer.headers.has('content-type')) without('content-type', outgoing as ServerResponse)
      // RFC 9112 §6.1: HTTP/1.0 knows no chunks, its bodies end with the connection.
      if (incoming.httpVersion === '1.0') without('transfer-encoding', outgoing as ServerResponse)
      return answer
    },
    { overrideGlobalObjects: false, hostname: 'localhost' },
  ) as RequestListener

  return (request: Arrived, response) => {
    levelHttp2(request, response)
    const peer = peerOf(request, forwarding())
    const path = pathOf(request.url)
    const plainly = answerPlainly(ctx, request, peer, path)
    if (plainly === 'refuse') return refuse(response, 403, 'Plain HTTP is answered on this machine only')
    if (plainly !== 'answer') return redirect(response, plainly.redirect)
    if (path === null) return refuse(response, 400, 'Bad request')

    const match = table.find(path)
    if (match && !wireThroughPages) {
      // Apps reach this server by any name or address; what they call it must not matter (design §6).
      request.headers.host = 'localhost'
      request[destination] = { match, peer }
      wire(request, response)
      return
    }
    if (!match && !isKnownHost(ctx.config, request.headers.host)) return refuse(response, 421, 'Misdirected request')
    const secure =
      path === '/connect' && !peer.secure && ctx.httpsAddress ? secureAddress(ctx, request.headers.host) : null
    void enterPages({ request, response, peer, pages, ctx, isPage: !match, connectTo: secure })
  }
}

type PageVisit = Pick<FrontDoorOptions, 'ctx' | 'pages'> & {
  request: IncomingMessage
  response: ServerResponse
  peer: Peer
  /** False for wire paths on their way through Next. */
  isPage: boolean
  /** An origin besides its own that the page may ask. */
  connectTo: string | null
}

/** Keep the adapter from sending a header. */
function without(header: string, response: ServerResponse): void {
  const writeHead = response.writeHead.bind(response) as (status: number, headers?: object) => ServerResponse
  response.writeHead = ((status: number, headers?: Record<string, unknown>) => {
    const { [header]: _, ...rest } = headers ?? {}
    return writeHead(status, rest)
  }) as typeof response.writeHead
}

async function enterPages({ request, response, peer, pages, ctx, isPage, connectTo }: PageVisit): Promise<void> {
  try {
    const answer = await pages()
    for (const name of Object.keys(request.headers))
      if (name.startsWith('x-forwarded-') || name === peerHeader || name === 'forwarded') delete request.headers[name]
    request.headers[peerHeader] = JSON.stringify(peer)
    if (isPage && !preparePage(ctx.config, request, response, peer, connectTo)) return
    answerPage(response, () => answer(request, response))
  } catch (error) {
    ctx.log.error({ error }, 'a page could not be answered')
    refuse(response, 503, 'The pages are not ready')
  }
}

/** The list of proxies may change while the server runs. */
function forwardingOf(config: Config): () => Forwarding {
  let [of, forwarding] = [config.trustedProxies, forwardingFrom(config.trustedProxies)]
  return () => {
    if (config.trustedProxies !== of) [of, forwarding] = [config.trustedProxies, forwardingFrom(config.trustedProxies)]
    return forwarding
  }
}

function peerOf(request: IncomingMessage, forwarding: Forwarding): Peer {
  const header = request.headers['x-forwarded-for']
  const socketAddress = request.socket.remoteAddress ?? ''
  const address = forwarding(socketAddress, Array.isArray(header) ? header.join(',') : (header ?? null))
  // Only a trusted proxy's word makes the two differ; then its word on the way there holds too.
  const byProxy = address !== plainAddress(socketAddress)
  const encrypted = (request.socket as TLSSocket).encrypted === true
  return { address, secure: encrypted || (byProxy && request.headers['x-forwarded-proto'] === 'https') }
}

/** The path as it was sent, also from an absolute request target; null when it is neither. */
function pathOf(target: string | undefined): string | null {
  if (target === undefined) return null
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '') || '/'
  if (local.startsWith('?')) return '/'
  return local.startsWith('/') ? (local.split(/[?#]/, 1)[0] ?? null) : null
}

/**
 * Not for ever, as the keeper may change their mind, and with the method kept. The body that may follow is not read, so
 * the connection ends.
 */
function redirect(response: ServerResponse, address: string): void {
  response.writeHead(307, {
    Location: address,
    'Content-Length': '0',
    'Cache-Control': 'no-store',
    Connection: 'close',
  })
  response.end()
}

function refuse(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
  response.end(`${words}\n`)
}
