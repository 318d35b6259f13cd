import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { incomingFolder } from '#server/config/restoring.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { RegistrationPolicy } from '#server/people/registration.ts'
import { readAccount } from '#server/people/store.ts'
import { type Claimant, keepAnswer } from './answer-step.ts'
import { requireClaim } from './claim.ts'
import { setupCodeFile } from './setup-code.ts'
import { endSetup } from './state.ts'

/**
 * Say who may join, and close set-up for ever. The house is let in within a second (`doors.ts`).
 *
 * @throws setup.closed, setup.not_claimed, setup.restoring; setup.unfinished while nobody keeps the server
 */
export function finishSetup(ctx: Context, claimant: Claimant, registration: RegistrationPolicy): Promise<void> {
  return ctx.setup.inTurn(async () => {
    const { keeperId } = requireClaim(ctx.db.read, claimant.claim)
    if (keeperId === null) throw new Problem('setup.unfinished')
    await keepAnswer(ctx, claimant, 'people', { HEARTHKEEP_REGISTRATION: registration })
    await ctx.db.write((tx) => {
      const { keeperId } = requireClaim(tx, claimant.claim)
      if (keeperId === null || readAccount(tx, keeperId)?.role !== 'admin') throw new Problem('setup.unfinished')
      endSetup(tx, ctx.clock.now())
      recordEvent(ctx, tx, { event: 'server.set_up', accountId: keeperId, address: claimant.address })
    })
    ctx.settings.reload()
    // With what a restore that was given up has left.
    for (const name of [setupCodeFile, incomingFolder])
      await rm(join(ctx.config.dataFolder, name), { recursive: true, force: true })
    ctx.log.info('set-up finished')
  })
}
