import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { recoveryCodeUsed } from '#server/notices/templates/recovery-code-used.ts'
import { readRecoveryCodes, replaceRecoveryCodes, spendRecoveryCode } from './passkey-store.ts'
import { requireProof } from './require-proof.ts'
import type { Arrival } from './sign-in-to-pages.ts'
import { tellPerson } from './tell-person.ts'
import { newTypedCode, typedCodeHash } from './typed-code.ts'
import { openWebSession, type WebActor } from './web-session.ts'

const codesAtOnce = 10
const groups = 5

/**
 * Make ten new codes; older ones stop working.
 *
 * @returns the codes, 100 random bits each as `XXXX-XXXX-XXXX-XXXX-XXXX`; only their hashes are kept
 * @throws auth.proof_needed
 */
export async function makeRecoveryCodes(ctx: Context, actor: WebActor): Promise<string[]> {
  requireProof(ctx, actor)
  const codes = Array.from({ length: codesAtOnce }, () => newTypedCode(ctx, groups))
  await ctx.db.write((tx) => {
    replaceRecoveryCodes(tx, actor.accountId, codes.map(codeHash), ctx.clock.now())
    recordEvent(ctx, tx, { event: 'recovery.codes_made', accountId: actor.accountId })
  })
  return codes
}

/**
 * Use a code up and open a session with it, in one transaction; its owner is told.
 *
 * @param accountId  null for nobody: the same work, then the same error
 * @throws auth.failed
 */
export async function redeemRecoveryCode(
  ctx: Context,
  accountId: string | null,
  code: string,
  arrival: Arrival,
): Promise<string> {
  const token = await ctx.db.write((tx) => {
    const spent = accountId !== null && spendRecoveryCode(tx, accountId, codeHash(code), ctx.clock.now())
    if (!spent) {
      recordEvent(ctx, tx, { event: 'session.refused', accountId, address: arrival.address })
      return null
    }
    const { left } = readRecoveryCodes(tx, accountId)
    const { address } = arrival
    recordEvent(ctx, tx, { event: 'recovery.code_used', accountId, address, details: { left } })
    tellPerson(ctx, tx, accountId, (about) => recoveryCodeUsed({ ...about, left }))
    return openWebSession(ctx, tx, { ...arrival, accountId, by: 'recovery code' })
  })
  if (token === null) throw new Problem('auth.failed')
  ctx.outbox.kick()
  return token
}

function codeHash(code: string): string {
  return typedCodeHash('recovery', code)
}
