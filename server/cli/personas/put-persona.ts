import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { mediaTypes, sealPersona } from '#client/surfaces/personas/seal-persona.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { passwordReader } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { counted, forTerminal } from '#server/cli/terminal/words.ts'
import { type CommonOptions, requirePersonaId } from './common-options.ts'
import { openAccount } from './open-account.ts'
import { readSource } from './read-source.ts'

export type PutOptions = CommonOptions & { register?: boolean; seal?: boolean }

/** `personas put`: store the persona in a folder or zip, sealed unless told otherwise, over the one of this id. */
export async function putPersona(ctx: VerbContext, id: string, path: string, options: PutOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  const sealed = options.seal ?? true
  requirePersonaId(id)
  if (!sealed && options.backupPasswordFile !== undefined) {
    throw usageFailure('--no-seal and --backup-password-file contradict each other')
  }
  const { zip, files } = await readSource(path)
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  const passwords = passwordReader(terminal, options)
  const password = await passwords.account()
  const backupPassword = sealed ? await passwords.backup('save') : null
  if (backupPassword !== null) checkNewPassword(backupPassword)
  else terminal.stderr.write('Warning: --no-seal: whoever runs the server can read the private keys.\n')

  const access = { email, password, register: options.register ?? false }
  const { client, registered } = await openAccount(transport, access)
  if (registered) terminal.stderr.write(`Registered ${email}.\n`)
  const { size, etag } = await withProgress(terminal, async ({ onStep, onProgress }) => {
    if (backupPassword !== null) onStep('derive-key')
    const { bytes, contentType } =
      backupPassword === null
        ? { bytes: zip, contentType: mediaTypes.zip }
        : await sealPersona(zip, backupPassword, { kdf: ctx.kdf })
    onStep('upload')
    const stored = await client.put(id, bytes, { contentType, onProgress })
    return { size: bytes.length, etag: stored.etag }
  })
  return {
    text: `Stored ${forTerminal(id)} (${counted(files)}, ${sealed ? 'sealed' : 'not sealed'}).`,
    json: { server: transport.baseUrl, email, id, sealed, files, bytes: size, etag, registered },
  }
}
