import type { Orm } from '#db/client.ts'
import { usedTokens } from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'

/**
 * Use up a proof, which is good once: who saw it go by gets no token of their own for it. It is forgotten with all used
 * tokens once it has run out.
 *
 * @param hash  SHA-256 of what was proved, hex
 * @param expiresAt  when it would have run out anyway, milliseconds
 * @throws log.proof_failed
 */
export function spendProof(tx: Orm, { hash, expiresAt }: { hash: string; expiresAt: number }): void {
  const used = { hash, expiresAt, failures: 0, used: true }
  const { changes } = tx.insert(usedTokens).values(used).onConflictDoNothing().run()
  if (changes === 0) throw new Problem('log.proof_failed')
}
