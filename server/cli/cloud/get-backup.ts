import { dirname } from 'node:path'
import { writeIdentityJson } from '#client/surfaces/cloud-backup/identity-json.ts'
import { loadBackup } from '#client/surfaces/cloud-backup/save-backup.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import { readPasswords } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { FileExists, fileExists, replaceFile, writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import type { CommonOptions } from './common-options.ts'
import { openSession } from './open-session.ts'
import { defaultStateFile, fingerprintOf, rememberSlot } from './state-file.ts'

export type GetOptions = CommonOptions & { out: string; force?: boolean }

/** Only its owner may read a file with private keys. */
const ownerOnly = 0o600

/**
 * `cloud get`: fetch and open the stored backup; needs the user name and the two passwords, nothing of the old device.
 */
export async function getBackup(ctx: VerbContext, options: GetOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { out } = options
  const toStdout = out === '-'
  if (toStdout && options.json) throw usageFailure('--json and --out - would mix on standard output')
  if (!toStdout) await checkTarget(out, options.force ?? false)
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  const passwords = await readPasswords(terminal, options, 'load')

  const credentials = { user: options.user, password: passwords.account, signUp: false }
  await using session = await openSession(transport, credentials)
  const loaded = await withProgress(terminal, (watch) => loadBackup(session.client, passwords.backup, watch))
  if (loaded === null) {
    throw new CommandFailure(exitCodes.nothingStored, 'nothing-stored', `Nothing is stored for ${options.user}`)
  }
  const { backup, version } = loaded
  const json = writeIdentityJson(backup)
  if (toStdout) terminal.stdout.write(json)
  else if (options.force) await replaceFile(out, json, ownerOnly)
  else await writeNewFile(out, json, ownerOnly)

  const slot = { server: transport.baseUrl, user: options.user }
  const stateFile = options.state ?? defaultStateFile(terminal.env)
  // Only now: had the file not been written, a put must not believe that this device has these contacts.
  await rememberSlot(stateFile, slot, {
    seen: version,
    saved: version,
    identity: fingerprintOf(backup),
  }).catch((error) => {
    terminal.stderr.write(`Warning: ${stateFile} could not be written: ${error.message}\n`)
  })
  const contacts = backup.contacts.length
  const counted = `${contacts} ${contacts === 1 ? 'contact' : 'contacts'}`
  return {
    text: `Wrote ${toStdout ? 'the backup' : out}: version ${version}, ${counted}.`,
    json: { ...slot, version, contacts, out },
    textTo: toStdout ? 'stderr' : 'stdout',
  }
}

/** Before two passwords are asked for. */
async function checkTarget(out: string, force: boolean): Promise<void> {
  if (!(await fileExists(dirname(out)))) throw usageFailure(`There is no folder ${dirname(out)}`)
  if (!force && (await fileExists(out))) throw new FileExists(out)
}
