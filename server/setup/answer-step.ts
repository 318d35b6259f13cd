import { changeVariables, type VariableChanges } from '#server/config/kept-variables.ts'
import { isPinned } from '#server/config/sources.ts'
import type { Context } from '#server/context.ts'
import { requireClaim } from './claim.ts'
import { type SetupStep, writeSetupState } from './state.ts'

/** Somebody at one of the pages of set-up. */
export type Claimant = {
  /** Token of the claim, as the browser shows it. */
  claim: string | null
  address: string
}

/**
 * Keep what was answered, and remember that it was. What the environment says is left as it is.
 *
 * @param changes  variables; null = back to the default
 * @throws setup.closed, setup.not_claimed, setup.restoring; config.refused with the faults, which name variables
 */
export function answerStep(ctx: Context, claimant: Claimant, step: SetupStep, changes: VariableChanges): Promise<void> {
  return ctx.setup.inTurn(() => keepAnswer(ctx, claimant, step, changes))
}

/** Within a turn. */
export async function keepAnswer(
  ctx: Context,
  { claim, address }: Claimant,
  step: SetupStep,
  changes: VariableChanges,
): Promise<void> {
  requireClaim(ctx.db.read, claim)
  const { sources } = ctx.config
  const ours = Object.entries(changes).filter(([name]) => !isPinned(sources, name))
  await changeVariables(ctx, null, Object.fromEntries(ours), address)
  await ctx.db.write((tx) => {
    const { done } = requireClaim(tx, claim)
    writeSetupState(tx, { done: [...new Set([...done, step])] })
  })
}
