import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { sameSecret } from '#server/kit/same-secret.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { tokenHash } from '#server/people/token-hash.ts'
import { typedCodeHash } from '#server/people/typed-code.ts'
import { isSetUp, readSetupState, type SetupState, writeSetupState } from './state.ts'

/**
 * Claim this server for one browser by the set-up code. Whoever has the code stands before the machine, so a later
 * claim beats an earlier one; what was answered already stays. Wrong codes count as guesses, always.
 *
 * @returns the token of the claim, 43 characters base64url; only its hash is kept
 * @throws setup.closed, setup.code_refused, rate.limited
 */
export async function claimSetup(ctx: Context, code: string, address: string): Promise<string> {
  requireOpenSetup(ctx.db.read)
  return ctx.guesses.guard('set-up code', address, () => {
    const token = ctx.ids.random(32).toString('base64url')
    return ctx.db.write((tx) => {
      requireOpenSetup(tx)
      const { codeHash } = readSetupState(tx)
      if (codeHash === null || !sameSecret(codeHash, typedCodeHash('set-up', code)))
        throw new Problem('setup.code_refused')
      writeSetupState(tx, { claimHash: tokenHash(token) })
      recordEvent(ctx, tx, { event: 'server.claimed', accountId: null, address })
      return token
    })
  })
}

/** Whose claim the server is under, as seen from a browser that shows `token`. */
export type Claim = 'nobody’s' | 'yours' | 'another’s'

export function claimSeenBy({ claimHash }: SetupState, token: string | null): Claim {
  if (claimHash === null) return 'nobody’s'
  return token !== null && sameSecret(claimHash, tokenHash(token)) ? 'yours' : 'another’s'
}

/**
 * What every action of set-up asks, in the transaction that changes something.
 *
 * @throws setup.closed, setup.not_claimed when another browser has claimed the server since
 */
export function requireClaim(tx: Orm, token: string | null): SetupState {
  requireOpenSetup(tx)
  const state = readSetupState(tx)
  if (claimSeenBy(state, token) !== 'yours') throw new Problem('setup.not_claimed')
  return state
}

/** @throws setup.closed */
export function requireOpenSetup(db: Orm): void {
  if (isSetUp(db)) throw new Problem('setup.closed')
}
