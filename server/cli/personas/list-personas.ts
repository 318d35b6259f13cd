import { PersonasClient } from '#client/surfaces/personas/personas-client.ts'
import { passwordReader } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import type { CommonOptions } from './common-options.ts'

/** `personas list`: the ids, one a line; `--json` has them exactly as they are. */
export async function listPersonas(ctx: VerbContext, options: CommonOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  const password = await passwordReader(terminal, options).account()
  const personas = await new PersonasClient({ server: transport, credentials: { email, password } }).list()
  const json = { server: transport.baseUrl, email, personas }
  if (personas.length === 0) return { text: `Nothing is stored for ${email}.`, textTo: 'stderr', json }
  return { text: personas.map(forTerminal).join('\n'), json }
}
