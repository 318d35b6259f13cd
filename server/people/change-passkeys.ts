import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { deletePasskey, listPasskeys, readRecoveryCodes, renamePasskeyRow } from './passkey-store.ts'
import { requireProof } from './require-proof.ts'
import { readAccount } from './store.ts'
import type { WebActor } from './web-session.ts'

/** @throws passkey.unknown for one that is not this person's */
export async function renamePasskey(
  ctx: Context,
  { accountId }: WebActor,
  { credentialId, label }: { credentialId: string; label: string },
): Promise<void> {
  await ctx.db.write((tx) => {
    if (!renamePasskeyRow(tx, { accountId, credentialId }, label)) throw new Problem('passkey.unknown')
    recordEvent(ctx, tx, { event: 'passkey.renamed', accountId, details: { label } })
  })
}

/**
 * Remove a passkey, unless nobody could sign in to the account afterwards.
 *
 * @throws auth.proof_needed, passkey.unknown, passkey.last_way_in
 */
export async function removePasskey(ctx: Context, actor: WebActor, credentialId: string): Promise<void> {
  requireProof(ctx, actor)
  const { accountId } = actor
  await ctx.db.write((tx) => {
    const have = listPasskeys(tx, accountId)
    const removed = have.find((passkey) => passkey.credentialId === credentialId)
    if (!removed) throw new Problem('passkey.unknown')
    const hasPassword = ctx.passwords.isUsable(readAccount(tx, accountId)?.passwordHash ?? '')
    const otherWays = have.length > 1 || hasPassword || readRecoveryCodes(tx, accountId).left > 0
    if (!otherWays) throw new Problem('passkey.last_way_in')
    deletePasskey(tx, { accountId, credentialId })
    recordEvent(ctx, tx, { event: 'passkey.removed', accountId, details: { label: removed.label } })
  })
}
