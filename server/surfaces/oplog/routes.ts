import { bytes, empty } from '#server/http/answers.ts'
import { endpoint } from '#server/http/endpoint.ts'
import type { Route } from '#server/http/route-table.ts'
import { preflight, readableByPages } from './cors.ts'
import { oplog as surface } from './errors.ts'
import { keyRoutes } from './key-routes.ts'
import { readSync } from './read-request.ts'
import { type News, syncLog } from './sync-log.ts'
import { addressLimit } from './throttle.ts'
import { ErrorAnswer, SyncLine, SyncRequest } from './wire.ts'

/** Milliseconds a client may take for a piece of an answer (oplog-sync §4). */
const patience = 60_000
/** Clients with gaps that are named; more would not fit into what clients take as headers. */
const mostGaps = 100

/** Everything that is sent to `/sync` but `multipart/form-data`, which is another system's (design §1). */
export const postSync = readableByPages(
  endpoint({
    surface,
    name: 'sync',
    summary: 'Keep an encrypted operation, and fetch what others have added',
    description:
      'The operation is durable before the answer begins. The answer is one JSON document a line, in order of arrival; nothing new is an empty answer. An answer that ends without the end of its body is incomplete: keep its whole lines and ask again. `?inclusive=1` sends the last known operations again. `Sync-Cursor`, `Sync-Gaps` (client=first missing index) and `Sync-Behind` say where the log stands.',
    limit: addressLimit,
    takes: SyncRequest,
    answers: {
      200: { description: 'the lines', schema: SyncLine, mediaType: 'application/x-ndjson' },
      400: { description: 'a member is not as it must be; `error` says which', schema: ErrorAnswer },
      401: 'this log wants a proof of possession, see `/sync/challenge`',
      403: 'no new keys are taken (`registration_closed`), or the owner froze the log (`log_frozen`)',
      409: 'another operation is stored under this index; `stored_md5` is its tag',
      413: 'over 1 MiB, unless the server is set otherwise',
      415: 'neither JSON nor plain text',
      429: 'too often, or too many answers at once; `Retry-After` in seconds',
      507: 'the log is full',
    },
    async handle({ ctx, request, headers, query, peer }) {
      const sync = await readSync(request, ctx.settings.values.oplogPayloadMaxBytes)
      const token = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
      const caller = { address: peer.address, token, signal: request.signal, inclusive: query.get('inclusive') === '1' }
      return answer(await syncLog(ctx, sync, caller))
    },
  }),
)

function answer({ lines, cursor, gaps, behind }: News): Response {
  const named = gaps.slice(0, mostGaps).map(([client, index]) => `${client}=${index}`)
  const headers = {
    'Content-Type': 'application/x-ndjson; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
    'Sync-Cursor': cursor,
    ...(named.length > 0 ? { 'Sync-Gaps': named.join(', ') } : {}),
    ...(behind ? { 'Sync-Behind': '1' } : {}),
  }
  if (!lines) return empty(200, headers)
  // Said outright, the adapter starts to answer at once; it would look at some pieces first and make a page of its own
  // out of their failure.
  return bytes(200, lines, { ...headers, 'Transfer-Encoding': 'chunked' }, patience)
}

export const routes: Route[] = [
  { path: '/sync', surface, methods: { POST: postSync, OPTIONS: preflight } },
  ...keyRoutes,
]
