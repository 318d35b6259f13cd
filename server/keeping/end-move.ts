import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Move, readMove, writeMove } from './move-state.ts'
import type { MoveNeeds } from './move-storage.ts'

type Actor = { accountId: string; address: string }

/**
 * Call a move off, while the old place still has everything. What was copied is cleared away by itself.
 *
 * @throws not_found when there is none that can be called off (any more)
 */
export async function cancelMove(ctx: MoveNeeds, actor: Actor): Promise<void> {
  await change(ctx, ['copying'], (tx, move) => {
    recordEvent(ctx, tx, { event: 'storage.move_cancelled', ...actor })
    return { ...move, phase: 'clearing', isCancelled: true, trouble: null }
  })
  ctx.blobs.part()
}

/** Remove the old copies before their time. @throws not_found when there are none */
export async function removeOldCopies(ctx: MoveNeeds): Promise<void> {
  await change(ctx, ['resting'], (_tx, move) => ({ ...move, phase: 'removing' }))
}

/** Leave the old copies where they are, for good. @throws not_found when there are none */
export async function keepOldCopies(ctx: MoveNeeds): Promise<void> {
  await change(ctx, ['resting', 'removing', 'clearing'], (_tx, move) => ({ ...move, phase: 'done', trouble: null }))
}

/** Do not wait for the next try. */
export async function retryMove(ctx: MoveNeeds): Promise<void> {
  await change(ctx, ['copying', 'switched', 'removing', 'clearing'], (_tx, move) => ({
    ...move,
    trouble: move.trouble && { ...move.trouble, retryAt: 0 },
  }))
}

type Tx = Parameters<Parameters<MoveNeeds['db']['write']>[0]>[0]

async function change(ctx: MoveNeeds, phases: Move['phase'][], next: (tx: Tx, move: Move) => Move): Promise<void> {
  await ctx.db.write((tx) => {
    const move = readMove(tx, ctx.secrets)
    if (!move || !phases.includes(move.phase)) throw new Problem('not_found')
    writeMove(ctx, tx, next(tx, move))
  })
}
