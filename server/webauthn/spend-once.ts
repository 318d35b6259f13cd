import { eq } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { usedTokens } from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'

/**
 * Mark something as used that may be used once.
 *
 * @param token  SHA-256 of it, hex, and when it would have run out anyway (ms)
 * @throws challenge.used
 */
export function spendOnce(db: Orm, { hash, expiresAt }: { hash: string; expiresAt: number }): void {
  const marked = db
    .insert(usedTokens)
    .values({ hash, expiresAt, failures: 0, used: true })
    .onConflictDoUpdate({ target: usedTokens.hash, set: { used: true }, setWhere: eq(usedTokens.used, false) })
    .run()
  if (marked.changes === 0) throw new Problem('challenge.used')
}
