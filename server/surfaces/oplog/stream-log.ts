import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { listClients } from './store.ts'
import { streamLines } from './stream-lines.ts'

/**
 * A whole log as its lines, in order of arrival, as far as it reaches now.
 *
 * @throws object.missing, object.damaged, store.unavailable; what came before is whole lines
 */
export function streamLog(ctx: Context, userId: number): Chunks {
  const until = Math.max(0, ...listClients(ctx.db.read, userId).map(({ lastSeq }) => lastSeq))
  return streamLines(ctx, { userId, after: 0, until, beyond: null, seqs: null })
}
