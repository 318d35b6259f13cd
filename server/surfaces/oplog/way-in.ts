import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { readAccount } from '#server/people/store.ts'
import { requireProof } from './proof-token.ts'
import type { LogUser } from './store.ts'

/**
 * Let those through who may use this log just now. Asked at the door, each time news is looked for, and once more inside
 * the transaction that keeps an operation: its bytes went to the store in between.
 *
 * @param user  undefined while there is no log of that key
 * @param token  what a proof of possession earned, if the caller has one
 * @throws log.proof_required, log.frozen while the account that it is linked to is shut
 */
export function requireWayIn(
  ctx: Pick<Context, 'clock' | 'secrets'>,
  db: Orm,
  user: LogUser | undefined,
  token: string | null,
): void {
  requireProof(ctx, user, token)
  const ownerId = user?.accountId ?? null
  if (ownerId !== null && readAccount(db, ownerId)?.disabledAt !== null) throw new Problem('log.frozen')
}
