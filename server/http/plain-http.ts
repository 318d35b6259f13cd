import type { IncomingMessage } from 'node:http'
import type { Context } from '#server/context.ts'
import { isKnownHost } from './pages.ts'
import { isLoopback, type Peer, plainAddress } from './peer.ts'

/** What a device needs before it trusts this server: the page that says how, and what that page loads. */
const beforeTrust = /^\/(?:connect(?:\/[\w.-]+)?|_next\/static\/.+|favicon\.svg)$/

export type PlainAnswer = 'answer' | 'refuse' | { redirect: string }

/**
 * What to do with a request by whether it is encrypted and where it comes from (design §7): this machine and trusted
 * proxies may speak plainly; the house gets `/connect`, and for everything else the way to HTTPS, unless
 * `HEARTHKEEP_LAN_HTTP=full`.
 *
 * @param path  null when the request target was none
 */
export function answerPlainly(ctx: Context, request: IncomingMessage, peer: Peer, path: string | null): PlainAnswer {
  if (peer.secure || ctx.config.lanHttp === 'full' || isFromHere(request) || isByProxy(request, peer)) return 'answer'
  if (!ctx.httpsAddress) return 'refuse'
  if (path !== null && beforeTrust.test(path) && !path.includes('..')) return 'answer'
  return { redirect: secureAddress(ctx, request.headers.host) + targetOf(request.url) }
}

/**
 * Under which https address this server is reached by whoever called it so: the same name or address, if it is one of
 * ours, else the name it goes by.
 */
export function secureAddress(ctx: Pick<Context, 'config' | 'httpsAddress'>, host: string | undefined): string {
  const address = new URL(ctx.httpsAddress ?? '')
  if (host && isKnownHost(ctx.config, host) && URL.canParse(`https://${host}`))
    address.hostname = new URL(`https://${host}`).hostname
  return address.origin
}

/** From 127.0.0.1 or ::1 to the same, where this server listens before anybody else may reach it. */
function isFromHere({ socket }: IncomingMessage): boolean {
  const local = plainAddress(socket.localAddress ?? '')
  return isLoopback(plainAddress(socket.remoteAddress ?? '')) && (local === '127.0.0.1' || local === '::1')
}

/** Only a trusted proxy's word makes these two differ. */
function isByProxy({ socket }: IncomingMessage, peer: Peer): boolean {
  return plainAddress(socket.remoteAddress ?? '') !== peer.address
}

/** Path and query as they were sent; an absolute target loses its origin. */
function targetOf(target = '/'): string {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return local.startsWith('/') ? local : `/${local}`
}
