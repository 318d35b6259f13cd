import { interruptedRestore } from '#server/config/restoring.ts'
import type { Context } from '#server/context.ts'
import { type Claim, claimSeenBy } from './claim.ts'
import { nameOfKeeper } from './make-keeper.ts'
import { isSetUp, readSetupState, type SetupStep, setupSteps } from './state.ts'

/** Set-up as one browser sees it. */
export type SetupView = {
  claim: Claim
  /** E-mail address or user name of the first admin; null while there is none. */
  keeper: string | null
  done: SetupStep[]
  /** The first step without an answer, the last one when all have one. */
  next: SetupStep
  isRestoring: boolean
  /** A restore was begun and has not come to its end. */
  hasInterrupted: boolean
}

/** @returns null once the server is set up */
export function readSetup(ctx: Context, claim: string | null): SetupView | null {
  const { read } = ctx.db
  if (isSetUp(read)) return null
  const state = readSetupState(read)
  return {
    claim: claimSeenBy(state, claim),
    keeper: nameOfKeeper(read, state),
    done: state.done,
    next: setupSteps.find((step) => !state.done.includes(step)) ?? 'people',
    isRestoring: ctx.setup.isRestoring,
    hasInterrupted: !ctx.setup.isRestoring && interruptedRestore(ctx.config) !== null,
  }
}
