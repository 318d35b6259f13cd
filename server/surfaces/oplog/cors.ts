import type { Context } from '#server/context.ts'
import { empty } from '#server/http/answers.ts'
import { type Endpoint, endpoint } from '#server/http/endpoint.ts'
import { oplog as surface } from './errors.ts'

/**
 * Web clients live on origins of their own (oplog-sync D24). Nothing here goes by cookies, so a page learns no more than
 * any program on the network would.
 */

/** The same endpoint, with answers that pages on the allowed origins may read; errors too. */
export function readableByPages(inner: Endpoint): Endpoint {
  return {
    spec: inner.spec,
    async answer(ctx, request, params, peer) {
      const response = await inner.answer(ctx, request, params, peer)
      for (const [name, value] of Object.entries(permission(ctx, request))) response.headers.set(name, value)
      return response
    },
  }
}

/** What a browser asks before it sends JSON across origins. */
export const preflight = endpoint({
  surface,
  name: 'syncPreflight',
  summary: 'Which pages may use this path, and how (CORS)',
  answers: { 204: 'see the headers' },
  handle({ ctx, request, headers }) {
    const allowed = permission(ctx, request)
    const isAllowed = 'Access-Control-Allow-Origin' in allowed
    const asksForPrivate = headers.get('access-control-request-private-network') === 'true'
    return empty(204, {
      Allow: 'OPTIONS, POST',
      ...allowed,
      ...(isAllowed
        ? {
            'Access-Control-Allow-Methods': 'POST, OPTIONS',
            'Access-Control-Allow-Headers': 'Content-Type, Content-Encoding, Authorization',
            'Access-Control-Max-Age': '600',
          }
        : {}),
      ...(isAllowed && asksForPrivate ? { 'Access-Control-Allow-Private-Network': 'true' } : {}),
    })
  },
})

function permission({ settings }: Context, request: Request): Record<string, string> {
  const exposed = { 'Access-Control-Expose-Headers': 'Retry-After, Sync-Cursor, Sync-Gaps, Sync-Behind' }
  const { oplogOrigins } = settings.values
  if (oplogOrigins.includes('*')) return { 'Access-Control-Allow-Origin': '*', ...exposed }
  const origin = request.headers.get('origin')
  if (!origin || !oplogOrigins.includes(origin.toLowerCase())) return { Vary: 'Origin' }
  return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin', ...exposed }
}
