import type { Context } from '#server/context.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { passwordChanged } from '#server/notices/templates/password-changed.ts'
import { distrustOtherPlaces } from './known-places.ts'
import { requireProof } from './require-proof.ts'
import { requireStillIn } from './still-in.ts'
import { deleteOtherSessions, updatePasswordHash } from './store.ts'
import { tellPerson } from './tell-person.ts'
import type { WebActor } from './web-session.ts'

/**
 * Set a new password. Every session but this one ends, those of apps included; the person is told.
 *
 * @throws auth.proof_needed, server.busy, auth.signed_out
 */
export async function changePassword(ctx: Context, actor: WebActor, password: string, address: string): Promise<void> {
  requireProof(ctx, actor)
  const { accountId, sessionId } = actor
  const passwordHash = await ctx.passwords.hash(password)
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    updatePasswordHash(tx, accountId, passwordHash)
    distrustOtherPlaces(tx, accountId, address)
    deleteOtherSessions(tx, accountId, sessionId)
    recordEvent(ctx, tx, { event: 'account.password_changed', accountId, address })
    tellPerson(ctx, tx, accountId, passwordChanged)
  })
  ctx.outbox.kick()
}
