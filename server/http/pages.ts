import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import type { Config } from '#server/config/env.ts'
import { isOurOrigin } from './origin.ts'
import type { Peer } from './peer.ts'
import { isRouterTree } from './router-tree.ts'

/**
 * Whether pages and cookie sessions answer under this name: ours, localhost, or an IP address. Any other name that
 * leads here was pointed here by somebody else (DNS rebinding, design §6).
 */
export function isKnownHost(config: Config, host: string | undefined): boolean {
  if (!host) return false
  const name = (/^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(host)?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase()
  if (isIP(name) !== 0) return true
  const ours = [config.hostname, 'localhost', ...(config.publicUrl ? [new URL(config.publicUrl).hostname] : [])]
  return ours.includes(name.replace(/\.$/, ''))
}

const pageMethods = new Set(['GET', 'HEAD', 'POST'])
const routerHeaders = ['next-action', 'rsc', 'next-router-state-tree', 'next-router-prefetch', 'next-url']

/** The paths of the pages that take a body which is no server action: those end at 1 MiB and have no progress. */
const uploadPaths = ['/home/personas/upload', '/home/backups/create']

function takesUploads({ url = '' }: IncomingMessage): boolean {
  return uploadPaths.includes(url.split('?', 1)[0] ?? '')
}

/** Tells pages where they are, for the way back after signing in; a client's own is overwritten. */
const pathHeader = 'x-hearthkeep-path'
/** For the one script that pages bring themselves (`app/_components/early-script.tsx`). */
const nonceHeader = 'x-hearthkeep-nonce'

/**
 * What pages may ask a browser for. The camera reads QR codes of one-time codes; a page keeps what it was given when it
 * was loaded while people go around in it, so all pages behind sign-in have it, and no other.
 */
function permissionsPolicy(path: string): string {
  const camera = path === '/home' || path.startsWith('/home/') ? '(self)' : '()'
  return `camera=${camera}, microphone=(), geolocation=()`
}

/**
 * Put the security headers on, with a fresh nonce that Next reads from the request and puts on its own scripts.
 * Requests that no browser sends are refused here, before Next can stumble over them.
 *
 * @param connectTo  an origin that the page may ask besides its own
 * @returns false when the request was answered
 */
export function preparePage(
  config: Config,
  request: IncomingMessage,
  response: ServerResponse,
  peer: Peer,
  connectTo: string | null,
): boolean {
  if (!pageMethods.has(request.method ?? '')) return refused(response, 405, { Allow: 'GET, HEAD, POST' })
  if (request.method === 'POST' && !request.headers['next-action'] && !takesUploads(request))
    return refused(response, 405, { Allow: 'GET, HEAD' })
  if (request.method === 'POST' && !isOwnAction(config, request)) return refused(response, 403)
  const tree = request.headers['next-router-state-tree']
  if (tree !== undefined && !isRouterTree(String(tree))) return refused(response, 400)
  if (routerHeaders.some((name) => Array.isArray(request.headers[name]))) return refused(response, 400)

  if (request.method === 'POST' && request.headers['next-action']) blameSender(response)

  request.headers[pathHeader] = withoutRouterQuery(request.url ?? '/')
  const nonce = randomBytes(18).toString('base64')
  request.headers[nonceHeader] = nonce
  const policy = [
    "default-src 'none'",
    // WebAssembly: what opens and seals files in the page (argon2id, scrypt) comes as such; it allows no text as script.
    `script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${connectTo ? ` ${connectTo}` : ''}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...(peer.secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
  request.headers['content-security-policy'] = policy
  response.setHeader('Content-Security-Policy', policy)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Permissions-Policy', permissionsPolicy((request.url ?? '/').split('?', 1)[0] ?? '/'))
  // Browsers heed it on origins they hold for secure, and complain on others.
  if (peer.secure || /^(?:localhost|127\.|\[::1\])/.test(request.headers.host ?? ''))
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  return true
}

/**
 * Whether one of our own pages calls a server action (CSRF). Next makes the same check, but answers 500, and knows
 * nothing of a proxy that calls us by another name; it is told which name the browser used.
 */
function isOwnAction(config: Config, { headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  if (!isOurOrigin(config, origin, host)) return false
  headers['x-forwarded-host'] = new URL(origin ?? '').host
  return true
}

/**
 * Next answers 500 to arguments of an action that it cannot read. Our actions answer 200 with what went wrong, whatever
 * that is (`app/_server/outcome.ts`), so 500 says nothing but that; it is the sender's fault.
 */
function blameSender(response: ServerResponse): void {
  const blamed = (status: number) => (status === 500 ? 400 : status)
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse
  response.writeHead = ((status: number, ...rest: unknown[]) => writeHead(blamed(status), ...rest)) as typeof writeHead
  // HTTP/2 begins its answer without it.
  const plain = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(response), 'statusCode')
  if (!plain?.set) return
  Object.defineProperty(response, 'statusCode', {
    get: () => plain.get?.call(response),
    set: (status: number) => plain.set?.call(response, blamed(status)),
  })
}

/** The address as people know it; Next's router adds `_rsc` to fetch a page's data. */
function withoutRouterQuery(target: string): string {
  const [path = '/', query = ''] = target.split('?', 2)
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('_rsc='))
  return kept.length > 0 ? `${path}?${kept.join('&')}` : path
}

function refused(response: ServerResponse, status: number, headers: Record<string, string> = {}): false {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': '0', ...headers })
  response.end()
  return false
}
