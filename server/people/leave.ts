import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { accountKept } from '#server/notices/templates/account-kept.ts'
import { accountLeaving } from '#server/notices/templates/account-leaving.ts'
import { isLeaving } from './may-enter.ts'
import { requireOtherAdmin } from './require-other-admin.ts'
import { requireProof } from './require-proof.ts'
import { deleteSessionsOf, openDoor, readAccount, setDoor } from './store.ts'
import { tellPerson } from './tell-person.ts'
import type { Leaver, WebActor } from './web-session.ts'

const day = 24 * 3_600_000

/**
 * Shut the account at once, in every protocol, and have it deleted when the grace period is over
 * (`keeping/delete-accounts.ts`). Until then its owner can sign in to the pages to keep it.
 *
 * @returns when it is deleted, milliseconds
 * @throws auth.proof_needed; account.last_admin, for then nobody could keep this server
 */
export async function leave(ctx: Context, actor: WebActor, address: string): Promise<number> {
  requireProof(ctx, actor)
  const { accountId } = actor
  const deleteAt = await ctx.db.write((tx) => {
    const account = readAccount(tx, accountId)
    if (!account || account.disabledAt !== null) throw new Problem('auth.signed_out')
    requireOtherAdmin(tx, account)
    const now = ctx.clock.now()
    const deleteAt = now + ctx.settings.values.accountGraceDays * day
    setDoor(tx, accountId, { disabledAt: now, deleteAt, shutByKeeper: false })
    deleteSessionsOf(tx, accountId)
    recordEvent(ctx, tx, { event: 'account.leaving', accountId, address })
    tellPerson(ctx, tx, accountId, (about) => accountLeaving({ ...about, deleteAt }))
    return deleteAt
  })
  ctx.outbox.kick()
  return deleteAt
}

/**
 * Open the account again. Everything is as it was; apps have to sign in anew. The session that keeps it is the one that
 * was opened while leaving.
 *
 * @throws account.not_leaving when it was kept or deleted meanwhile
 */
export async function keepAccount(ctx: Context, { accountId }: Leaver, address: string): Promise<void> {
  await ctx.db.write((tx) => {
    const account = readAccount(tx, accountId)
    if (!account || !isLeaving(account, ctx.clock.now())) throw new Problem('account.not_leaving')
    setDoor(tx, accountId, openDoor)
    recordEvent(ctx, tx, { event: 'account.kept', accountId, address })
    tellPerson(ctx, tx, accountId, accountKept)
  })
  ctx.outbox.kick()
}
