import type { IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'

/** `fetch` over HTTPS that takes a server's own CA for the only one there is. Follows no redirects. @param ca  PEM */
export function pinnedFetch(ca: string): typeof globalThis.fetch {
  return fetchThrough(new Agent({ ca, keepAlive: true }))
}

/**
 * For the one question whose answer proves itself by the pairing code, whoever brings it. Nothing else may be asked so:
 * it trusts any certificate.
 */
export function unverifiedFetch(): typeof globalThis.fetch {
  return fetchThrough(new Agent({ rejectUnauthorized: false }))
}

function fetchThrough(agent: Agent): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const asked = new Request(input, { ...init, body: null })
    const { headers, body } = await readBody(asked, init.body ?? null)
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method, signal, url } = asked
      const request = httpsRequest(url, { method, agent, signal, headers: Object.fromEntries(headers) }, resolve)
      request.on('error', reject)
      if (body instanceof Readable) body.on('error', (error) => request.destroy(error)).pipe(request)
      else request.end(body)
    })
    return responseOf(answer, asked.method)
  }
}

/** Bytes whose length is known, or a stream whose length the caller has announced, if it knows it. */
async function readBody(
  asked: Request,
  body: RequestInit['body'],
): Promise<{ headers: Headers; body: Uint8Array | Readable | undefined }> {
  const headers = new Headers(asked.headers)
  if (body === null || body === undefined) {
    if (!['GET', 'HEAD'].includes(asked.method)) headers.set('content-length', '0')
    return { headers, body: undefined }
  }
  if (body instanceof ReadableStream) return { headers, body: Readable.fromWeb(body as never) }
  const whole = new Response(body)
  const type = whole.headers.get('content-type')
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type)
  const bytes = await whole.bytes()
  headers.set('content-length', String(bytes.byteLength))
  return { headers, body: bytes }
}

function responseOf(answer: IncomingMessage, method: string): Response {
  const headers = new Headers()
  for (let at = 0; at < answer.rawHeaders.length; at += 2)
    headers.append(answer.rawHeaders[at] ?? '', answer.rawHeaders[at + 1] ?? '')
  const status = answer.statusCode ?? 500
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304
  if (!hasBody) answer.resume()
  return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream) : null, { status, headers })
}
