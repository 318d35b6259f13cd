import type { Context } from '#server/context.ts'
import { type Conditions, requireConditions } from '#server/http/conditions.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { tagOf } from './put-persona.ts'
import { deletePersona, type OwnPersona, readPersona } from './store.ts'

/**
 * Take a persona away; nothing there is fine too. The bytes stay in its history until their retention ends, so that
 * `restorePersona` can bring it back.
 *
 * @throws precondition.failed, auth.signed_out
 */
export async function removePersona(ctx: Context, persona: OwnPersona, conditions: Conditions): Promise<void> {
  await ctx.db.write((tx) => {
    requireStillIn(tx, persona)
    const current = readPersona(tx, persona)
    requireConditions(conditions, tagOf(current))
    if (!current) return
    ctx.vault.retire(tx, current.blobId)
    deletePersona(tx, persona, current.version, ctx.clock.now())
    recordEvent(ctx, tx, {
      event: 'persona.deleted',
      accountId: persona.accountId,
      details: { version: current.version },
    })
  })
}
