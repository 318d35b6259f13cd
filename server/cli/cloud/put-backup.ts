import { readFile } from 'node:fs/promises'
import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { isMalformedBackup } from '#client/surfaces/cloud-backup/errors.ts'
import type { IdentityBackup } from '#client/surfaces/cloud-backup/identity-backup.ts'
import { readIdentityJson } from '#client/surfaces/cloud-backup/identity-json.ts'
import { type Saved, saveBackup } from '#client/surfaces/cloud-backup/save-backup.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { readPasswords } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import type { CommonOptions } from './common-options.ts'
import { openSession } from './open-session.ts'
import { defaultStateFile, fingerprintOf, recallSlot, rememberSlot, type SlotMemory } from './state-file.ts'

export type PutOptions = CommonOptions & { identity: string; signUp?: boolean; replace?: boolean; merge: boolean }

/**
 * `cloud put`: seal an identity file and store it as the user's next version.
 *
 * What other devices saved is merged in. The file itself is never written to; as long as it lacks what was merged, the
 * version it is known to contain is not advanced, so that the next put merges again instead of dropping those contacts.
 */
export async function putBackup(ctx: VerbContext, options: PutOptions): Promise<Outcome> {
  const { terminal } = ctx
  if (options.replace && !options.merge) throw usageFailure('--replace and --no-merge contradict each other')
  const backup = await readIdentity(options.identity)
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  const passwords = await readPasswords(terminal, options, 'save')
  checkNewPassword(passwords.backup)

  const slot = { server: transport.baseUrl, user: options.user }
  const stateFile = options.state ?? defaultStateFile(terminal.env)
  const identity = fingerprintOf(backup)
  const remembered = await recallSlot(stateFile, slot)
  // Having seen the backup of one identity is no leave to overwrite it with another's: that has to meet the conflict.
  const memory = remembered.identity === identity ? remembered : {}
  const credentials = { user: options.user, password: passwords.account, signUp: options.signUp ?? false }
  await using session = await openSession(transport, credentials)
  const saved = await withProgress(terminal, (watch) =>
    saveBackup(session.client, backup, passwords.backup, {
      lastSeen: memory.seen,
      onConflict: options.replace ? 'replace' : options.merge ? 'merge' : 'fail',
      kdf: ctx.kdf,
      ...watch,
    }),
  )
  const { version, conflicts, gained } = saved
  await rememberSlot(stateFile, slot, {
    seen: gained ? memory.seen : version,
    saved: version,
    identity,
  }).catch((error) => {
    // The backup is safe; without the note the next put merges, which is safe too.
    terminal.stderr.write(`Warning: ${stateFile} could not be written: ${error.message}\n`)
  })
  for (const line of conflictLines(saved, memory, options)) terminal.stderr.write(`${line}\n`)
  const contacts = saved.backup.contacts.length
  return {
    text: `Saved as version ${version} (${contacts} ${contacts === 1 ? 'contact' : 'contacts'}).`,
    json: { ...slot, version, contacts, conflicts, gained },
  }
}

function conflictLines({ version, conflicts, gained }: Saved, memory: SlotMemory, options: PutOptions): string[] {
  const met = conflicts.at(-1)
  if (met === undefined) return []
  if (options.replace) return [`Replaced version ${met ?? 'of another device'}, saved as version ${version}.`]
  const get = `"hearthkeep cloud get" brings the contacts ${options.identity} lacks.`
  if (met !== null && met === memory.saved) {
    return [`Merged again with version ${met}, saved as version ${version}.`, ...(gained ? [get] : [])]
  }
  const what = met ? `version ${met}` : 'a version'
  return [
    `Another device saved ${what} meanwhile; fetched, merged, saved as version ${version}.`,
    ...(gained ? [get] : []),
  ]
}

async function readIdentity(path: string): Promise<IdentityBackup> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw usageFailure(`${path} cannot be read (${error.code})`)
  })
  try {
    return readIdentityJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (isMalformedBackup(error)) throw usageFailure(`${path}: ${error.message}`)
    if (error instanceof TypeError) throw usageFailure(`${path}: not UTF-8 text`)
    throw error
  }
}
