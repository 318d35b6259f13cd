import type { Context } from '#server/context.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Entrant, requireStillIn } from '#server/people/still-in.ts'
import { findKey } from './change-key.ts'
import { fingerprint } from './public-key.ts'
import { insertUser, updateUser } from './store.ts'

/**
 * Delete all operations of a log (oplog-sync D22). It is gone for its clients at once, who will see `Sync-Behind`; rows
 * and objects follow in the background (`keeping/prune-logs.ts`), because a long log takes long.
 *
 * @param keep  whether the key stays linked, with its name, limits and protection, and an empty log
 * @throws not_found unless it is linked to this person, auth.signed_out
 */
export function deleteLog(ctx: Context, actor: Entrant, id: number, { keep }: { keep: boolean }): Promise<void> {
  return ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    const { userHash, accountId, name, quotaBytes, quotaOperations, frozenAt, proofRequiredAt } = findKey(tx, actor, id)
    const at = ctx.clock.now()
    updateUser(tx, id, { userHash: `deleted ${id}`, accountId: null, deletedAt: at })
    if (keep)
      insertUser(tx, {
        userHash,
        accountId,
        name,
        quotaBytes,
        quotaOperations,
        frozenAt,
        proofRequiredAt,
        createdAt: at,
      })
    recordEvent(ctx, tx, { event: 'log.deleted', accountId, details: { key: fingerprint(userHash) } })
  })
}
