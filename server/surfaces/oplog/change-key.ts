import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Entrant, requireStillIn } from '#server/people/still-in.ts'
import { fingerprint } from './public-key.ts'
import { type LogUser, listUsersOf, updateUser } from './store.ts'

/** What is left out stays; `null` in a quota means the server's own limit. */
export type KeyChanges = {
  name?: string | null
  /** Whether operations are refused; reading goes on. */
  frozen?: boolean
  proofRequired?: boolean
  /** Lower than the server's limit, or of no effect. */
  quotaBytes?: number | null
  quotaOperations?: number | null
}

/** @throws not_found unless it is linked to this person, auth.signed_out */
export function changeKey(ctx: Context, actor: Entrant, id: number, changes: KeyChanges): Promise<LogUser> {
  return ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    const user = findKey(tx, actor, id)
    const { frozen, proofRequired, ...rest } = changes
    const changed = {
      ...rest,
      ...(frozen === undefined ? {} : { frozenAt: since(user.frozenAt, frozen, ctx.clock.now()) }),
      ...(proofRequired === undefined
        ? {}
        : { proofRequiredAt: since(user.proofRequiredAt, proofRequired, ctx.clock.now()) }),
    }
    if (Object.keys(changed).length === 0) return user
    updateUser(tx, id, changed)
    recordEvent(ctx, tx, {
      event: 'log.changed',
      accountId: actor.accountId,
      details: { key: fingerprint(user.userHash), changed: Object.keys(changes).join(' ') },
    })
    return { ...user, ...changed }
  })
}

/** @throws not_found unless it is linked to this person */
export function findKey(db: Orm, { accountId }: { accountId: string }, id: number): LogUser {
  const found = listUsersOf(db, accountId).find((user) => user.id === id)
  if (!found) throw new Problem('not_found')
  return found
}

function since(before: number | null, holds: boolean, now: number): number | null {
  return holds ? (before ?? now) : null
}
