import { canAsk } from '#server/cli/terminal/ask-hidden.ts'
import { confirm } from '#server/cli/terminal/confirm.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { requireDevice } from './choose-device.ts'
import { chooseOtp } from './choose-otp.ts'
import type { CommonOptions } from './common-options.ts'
import { prepareSession } from './open-session.ts'

export type RemoveOptions = CommonOptions & { yes?: boolean }

/** `otp rm`: take one away, named by its whole label or number, after asking. */
export async function removeOtp(ctx: VerbContext, wanted: string, options: RemoveOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  if (!options.yes && !canAsk(terminal))
    throw usageFailure('Nobody is there to confirm it; --yes removes without asking')
  await using session = await prepareSession(ctx, options).open()
  const all = await session.client.devices()
  const devices = options.device === undefined ? all : [requireDevice(all, options)]
  const labels = devices.flatMap(({ name, otps }) => otps.map((otp) => ({ ...otp, device: name })))
  const { id, account, device } = chooseOtp(labels, wanted, { exactly: true })
  if (!options.yes) {
    const question = `Remove ${forTerminal(account)} from ${forTerminal(device)} of ${email} for good?`
    const sure = await confirm(terminal, question)
    if (!sure) throw new CommandFailure(exitCodes.interrupted, 'interrupted', 'Nothing was removed')
  }
  await session.client.deleteOtp(id)
  return { text: `Removed ${forTerminal(account)}.`, json: { server: session.server, email, id, account } }
}
