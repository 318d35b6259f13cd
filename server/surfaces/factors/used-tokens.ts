import { and, eq, lte, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { syncFactorTokens, usedTokens } from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'

/** Five failed proofs use a challenge up (design §6). */
const mostFailures = 5

export { spendOnce } from '#server/webauthn/spend-once.ts'

/** Count a proof that failed. */
export function noteFailure(db: Orm, { hash, expiresAt }: { hash: string; expiresAt: number }): void {
  const failures = sql`${usedTokens.failures} + 1`
  db.insert(usedTokens)
    .values({ hash, expiresAt, failures: 1, used: false })
    .onConflictDoUpdate({
      target: usedTokens.hash,
      set: { failures, used: sql`${usedTokens.used} or ${failures} >= ${mostFailures}` },
    })
    .run()
}

export function insertSyncFactorToken(db: Orm, token: { hash: string; backupKey: string; expiresAt: number }): void {
  db.insert(syncFactorTokens).values(token).run()
}

/**
 * Use up a token that a retrieve handed out (factor-backup §4.6).
 *
 * @returns the key of the backup it is for
 * @throws factors.token_not_found when unknown or run out, challenge.used
 */
export function takeSyncFactorToken(db: Orm, hash: string, now: number): string {
  const token = db.select().from(syncFactorTokens).where(eq(syncFactorTokens.hash, hash)).get()
  if (!token || token.expiresAt < now) throw new Problem('factors.token_not_found')
  if (token.usedAt !== null) throw new Problem('challenge.used')
  db.update(syncFactorTokens).set({ usedAt: now }).where(eq(syncFactorTokens.hash, hash)).run()
  return token.backupKey
}

/** Tokens that have run out, and so cannot be used again, need not be remembered. */
export function forgetUsedTokens(db: Orm, now: number): void {
  db.delete(usedTokens)
    .where(lte(usedTokens.expiresAt, now - leeway))
    .run()
  db.delete(syncFactorTokens)
    .where(and(lte(syncFactorTokens.expiresAt, now - leeway)))
    .run()
}

/** A clock set back must not make a used token good again. */
const leeway = 24 * 3_600_000
