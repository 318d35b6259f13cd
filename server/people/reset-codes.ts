import { eq, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { resetCodes } from '#db/schema/index.ts'
import type { Context } from '#server/context.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { passwordChanged } from '#server/notices/templates/password-changed.ts'
import { distrustOtherPlaces } from './known-places.ts'
import { deleteSessionsOf, updatePasswordHash } from './store.ts'
import { tellPerson } from './tell-person.ts'
import { tokenHash } from './token-hash.ts'

export const resetMinutes = 60
const mostAttempts = 5

/**
 * Make the one live reset code of an account; an older one stops working (design §6).
 *
 * @returns 64 lower-case hex characters, kept only as SHA-256
 */
export function issueResetCode(ctx: { clock: Clock; ids: Ids }, tx: Orm, accountId: string): string {
  const code = ctx.ids.random(32).toString('hex')
  const now = ctx.clock.now()
  const row = {
    accountId,
    codeHash: tokenHash(code),
    attempts: 0,
    createdAt: now,
    expiresAt: now + resetMinutes * 60_000,
  }
  tx.insert(resetCodes).values(row).onConflictDoUpdate({ target: resetCodes.accountId, set: row }).run()
  return code
}

/** When the live code was made, milliseconds, or null when there is none. */
export function resetCodeMadeAt(db: Orm, accountId: string, now: number): number | null {
  const row = db.select().from(resetCodes).where(eq(resetCodes.accountId, accountId)).get()
  return row && row.expiresAt > now && row.attempts < mostAttempts ? row.createdAt : null
}

/**
 * Set a new password with a reset code. The code is used up, every session ends, the person is told, history stays.
 *
 * @param accountId  null for an unknown person: the same work, then the same error
 * @throws reset.refused on a wrong, used, expired or five times guessed code
 */
export async function redeemResetCode(
  ctx: Context,
  accountId: string | null,
  code: string,
  password: string,
  address: string,
): Promise<void> {
  // Counted before hashing, so that of many tries at once no more than five are let through.
  const claimed = await ctx.db.write((tx) => {
    const live = accountId !== null && claim(ctx, tx, accountId, code)
    // Written for nobody too: an answer that took a commit longer would tell who has a live code.
    if (!live) recordEvent(ctx, tx, { event: 'reset.refused', accountId, address })
    return live
  })
  const passwordHash = await ctx.passwords.hash(password)
  if (!claimed || accountId === null) throw new Problem('reset.refused')
  await ctx.db.write((tx) => {
    if (!spend(tx, accountId, code)) throw new Problem('reset.refused')
    updatePasswordHash(tx, accountId, passwordHash)
    distrustOtherPlaces(tx, accountId, address)
    deleteSessionsOf(tx, accountId)
    recordEvent(ctx, tx, { event: 'account.password_changed', accountId, address })
    // Whoever changed it, its owner should hear of it.
    tellPerson(ctx, tx, accountId, passwordChanged)
  })
  ctx.outbox.kick()
}

/** Count the try; whether it is the live code. */
function claim(ctx: Context, tx: Orm, accountId: string, code: string): boolean {
  const row = tx.select().from(resetCodes).where(eq(resetCodes.accountId, accountId)).get()
  if (!row || row.expiresAt <= ctx.clock.now() || row.attempts >= mostAttempts) return false
  if (sameSecret(row.codeHash, tokenHash(code))) return true
  tx.update(resetCodes)
    .set({ attempts: sql`${resetCodes.attempts} + 1` })
    .where(eq(resetCodes.accountId, accountId))
    .run()
  return false
}

function spend(tx: Orm, accountId: string, code: string): boolean {
  const row = tx.select().from(resetCodes).where(eq(resetCodes.accountId, accountId)).get()
  if (!row || !sameSecret(row.codeHash, tokenHash(code)) || row.attempts >= mostAttempts) return false
  deleteResetCode(tx, accountId)
  return true
}

/** No code that was made before works any more. */
export function deleteResetCode(tx: Orm, accountId: string): void {
  tx.delete(resetCodes).where(eq(resetCodes.accountId, accountId)).run()
}

/** Where a code is used. @param base  the server's public address, never what a request called it (design §6) */
export function resetLink(base: string, name: string, code: string): string {
  return `${base}/password/reset.html?email=${encodeURIComponent(name)}&reset_code=${code}`
}
