import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { requireDevice } from './choose-device.ts'
import type { CommonOptions } from './common-options.ts'
import { prepareSession } from './open-session.ts'

/** `otp list`: number, label and device of everything, one a line; needs no PIN. */
export async function listOtps(ctx: VerbContext, options: CommonOptions): Promise<Outcome> {
  const { email } = options
  await using session = await prepareSession(ctx, options).open()
  const all = await session.client.devices()
  const devices = options.device === undefined ? all : [requireDevice(all, options)]
  const json = { server: session.server, email, devices }
  const lines = devices.flatMap(({ name, otps }) => otps.map(({ id, account }) => [id, account, name]))
  if (lines.length === 0) return { text: `Nothing is stored for ${email}.`, textTo: 'stderr', json }
  return { text: lines.map((line) => line.map((cell) => forTerminal(String(cell))).join('\t')).join('\n'), json }
}
