import { PersonasClient } from '#client/surfaces/personas/personas-client.ts'
import { canAsk } from '#server/cli/terminal/ask-hidden.ts'
import { confirm } from '#server/cli/terminal/confirm.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import { passwordReader } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { type CommonOptions, requirePersonaId } from './common-options.ts'

export type RemoveOptions = CommonOptions & { yes?: boolean }

/** `personas rm`: take a persona away, after asking; one that is not there is fine too. */
export async function removePersona(ctx: VerbContext, id: string, options: RemoveOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  requirePersonaId(id)
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  if (!options.yes) {
    if (!canAsk(terminal)) throw usageFailure('Nobody is there to confirm it; --yes removes without asking')
    const sure = await confirm(terminal, `Remove ${forTerminal(id)} of ${email} from ${transport.baseUrl}?`)
    if (!sure) throw new CommandFailure(exitCodes.interrupted, 'interrupted', 'Nothing was removed')
  }
  const password = await passwordReader(terminal, options).account()
  await new PersonasClient({ server: transport, credentials: { email, password } }).remove(id)
  return { text: `Removed ${forTerminal(id)}.`, json: { server: transport.baseUrl, email, id } }
}
