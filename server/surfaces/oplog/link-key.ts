import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Entrant, requireStillIn } from '#server/people/still-in.ts'
import type { Proven } from './prove-key.ts'
import { fingerprint } from './public-key.ts'
import { insertUser, type LogUser, listUsersOf, readUser, updateUser } from './store.ts'
import { spendProof } from './used-proofs.ts'

/** Each may fill a quota of its own. */
const mostKeys = 20

/**
 * Make a log somebody's, so that they can see, freeze, limit and delete it (oplog-sync §3 d). A person with an account
 * may so add a key that is new here while registration is not open.
 *
 * @param proven  from `checkProof`: who only knows the public key must not take the log
 * @throws log.proof_failed when it was used before, log.key_taken when it is another's, quota.exceeded for the 21st key,
 *   auth.signed_out
 */
export function linkKey(ctx: Context, actor: Entrant, link: Link): Promise<LogUser> {
  return ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    return linkKeyIn(ctx, tx, actor, link)
  })
}

type Link = { proven: Proven; name: string | null; address: string }

/** `linkKey` in a transaction of the caller's. */
export function linkKeyIn(
  ctx: Context,
  tx: Orm,
  { accountId }: { accountId: string },
  { proven, name, address }: Link,
): LogUser {
  const { userHash } = proven
  spendProof(tx, proven)
  const known = readUser(tx, userHash)
  if (known && known.accountId !== null && known.accountId !== accountId) throw new Problem('log.key_taken')
  if (known?.accountId !== accountId) {
    if (listUsersOf(tx, accountId).length >= mostKeys) throw new Problem('quota.exceeded')
    recordEvent(ctx, tx, { event: 'log.linked', accountId, address, details: { key: fingerprint(userHash) } })
  }
  const user = known ?? insertUser(tx, { userHash, createdAt: ctx.clock.now() })
  const linked = { accountId, name: name ?? user.name }
  updateUser(tx, user.id, linked)
  return { ...user, ...linked }
}
