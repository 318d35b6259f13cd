import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { addressGroup } from '#server/http/peer.ts'
import { appendOperation } from './append-operation.ts'
import { type Choice, type Chosen, chooseOperations } from './choose-operations.ts'
import { oplogKey, sealCursor } from './cursor.ts'
import type { Sync } from './read-request.ts'
import { readUser } from './store.ts'
import { streamLines } from './stream-lines.ts'
import { takeStream, takeWait, throttleUser } from './throttle.ts'
import { requireWayIn } from './way-in.ts'

export type Caller = {
  address: string
  /** What a proof of possession earned, if the caller has one. */
  token: string | null
  /** Aborts when the caller goes away. */
  signal: AbortSignal
  /** The last known operations are sent again, as the seed reads to the letter (oplog-sync D1). */
  inclusive: boolean
}

export type News = Omit<Chosen, 'choice' | 'until'> & {
  /** Null = nothing new. */
  lines: Chunks | null
  /** Good for the next request once all lines are read. */
  cursor: string
}

/**
 * Keep the operation, if there is one; then tell what the caller does not know yet of that key's log, up to what was
 * stored by then (oplog-sync §1, D10). The first piece is read already, so that what fails at once is an error and
 * not half an answer.
 *
 * @throws log.proof_required, log.frozen, rate.limited, log.streams_exhausted, what `appendOperation` and `streamLines` throw
 */
export async function syncLog(ctx: Context, sync: Sync, caller: Caller): Promise<News> {
  const { userHash, payload } = sync
  throttleUser(ctx, userHash)
  requireWayIn(ctx, ctx.db.read, readUser(ctx.db.read, userHash), caller.token)
  if (payload) await appendOperation(ctx, { ...sync, payload }, caller)
  const { choice, until, gaps, behind } = await look(ctx, sync, caller)
  const cursor = sealCursor(ctx.db.read, oplogKey(ctx.secrets, 'cursor'), until)
  return { lines: choice && (await begin(ctx, userHash, choice)), cursor, gaps, behind }
}

/** What there is now; or, for those who only fetch and are willing to wait, what comes until their time is over. */
async function look(ctx: Context, sync: Sync, caller: Caller): Promise<Chosen> {
  const now = () => {
    const user = readUser(ctx.db.read, sync.userHash)
    requireWayIn(ctx, ctx.db.read, user, caller.token)
    return chooseOperations(ctx.db.read, user, sync, {
      inclusive: caller.inclusive,
      key: oplogKey(ctx.secrets, 'cursor'),
    })
  }
  let chosen = now()
  if (chosen.choice || sync.payload || sync.wait === 0) return chosen
  using _place = takeWait(ctx, sync.userHash, addressGroup(caller.address))
  const deadline = performance.now() + sync.wait
  while (!chosen.choice && (await ctx.arrivals.wait(sync.userHash, deadline - performance.now(), caller.signal)))
    chosen = now()
  return chosen
}

async function begin(ctx: Context, userHash: string, choice: Choice): Promise<Chunks> {
  const lines = holding(ctx, takeStream(ctx, userHash), streamLines(ctx, choice))
  let first: IteratorResult<Uint8Array> | null = await lines.next()
  const rest: AsyncIterator<Uint8Array> = {
    async next() {
      const result = first ?? (await lines.next())
      first = null
      return result
    },
    return: () => lines.return(),
  }
  return { [Symbol.asyncIterator]: () => rest }
}

async function* holding(ctx: Context, place: Disposable, chunks: Chunks): AsyncGenerator<Uint8Array, void, void> {
  using _place = place
  try {
    yield* chunks
  } catch (error) {
    ctx.metrics.event('oplog.cut_short')
    ctx.log.error({ error }, 'an operation cannot be read; the answer ends here')
    throw error
  }
}
