import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { WebActor } from './web-session.ts'

/** How long a proof lasts. */
export const proofMilliseconds = 10 * 60_000

/**
 * Let nobody at the keys of an account who only found its page open: passkeys, recovery codes and the password ask for
 * a sign-in, or one more proof, within the last ten minutes.
 *
 * @throws auth.proof_needed
 */
export function requireProof(ctx: Context, { provenAt }: WebActor): void {
  const age = ctx.clock.now() - provenAt
  if (age < 0 || age >= proofMilliseconds) throw new Problem('auth.proof_needed')
}
