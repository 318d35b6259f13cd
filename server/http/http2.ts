import type { IncomingMessage, ServerResponse } from 'node:http'

/** Of HTTP/1.1's connections; a message of HTTP/2 must not carry them (RFC 9113 §8.2.2). */
const ofConnections = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/**
 * Make a request and response of HTTP/2 look to what is behind the front door like those of HTTP/1.1: with `Host`, no
 * pseudo-headers, and an answer that may name a connection without meaning it.
 */
export function levelHttp2(request: IncomingMessage, response: ServerResponse): void {
  if (request.httpVersionMajor < 2) return
  const given = request.headers
  // Node's own have no prototype, which Next stumbles over, as it does over names that begin with a colon.
  const headers = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith(':')))
  const host = String(given.host ?? given[':authority'] ?? '')
  headers.host = host
  Object.defineProperty(request, 'headers', { value: headers })
  // The adapter reads these: without it the wire would not know by what name it was called.
  if (given.host === undefined) request.rawHeaders.push('host', host)
  // Of what Node reads from its own headers, the adapter must not see the name (front-door: any name will do).
  given[':authority'] = 'localhost'

  const { setHeader, writeHead } = response
  response.setHeader = (name, value) =>
    ofConnections.has(name.toLowerCase()) ? response : setHeader.call(response, name, value)
  response.writeHead = ((status: number, ...more: unknown[]) => {
    // HTTP/2 has no words beside a status.
    const given = more.find((part) => typeof part === 'object' && part !== null) as Record<string, string> | undefined
    const kept = Object.entries(given ?? {}).filter(([name]) => !ofConnections.has(name.toLowerCase()))
    return writeHead.call(response, status, Object.fromEntries(kept))
  }) as typeof response.writeHead
  // Next's compression sends the headers by this inner name of HTTP/1.1's responses.
  Object.assign(response, { _implicitHeader: () => response.writeHead(response.statusCode) })
  Object.defineProperty(response, 'statusMessage', { value: '', writable: true })
}
