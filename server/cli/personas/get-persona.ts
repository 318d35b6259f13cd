import { dirname } from 'node:path'
import { isMalformedPersona } from '#client/surfaces/personas/errors.ts'
import { personaOf } from '#client/surfaces/personas/persona-zip.ts'
import { PersonasClient, type StoredPersona } from '#client/surfaces/personas/personas-client.ts'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { isSealed, openPersona } from '#client/surfaces/personas/seal-persona.ts'
import type { Files } from '#client/surfaces/personas/zip-format.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import { type PasswordReader, passwordReader } from '#server/cli/terminal/read-passwords.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { counted, forTerminal } from '#server/cli/terminal/words.ts'
import { checkFolder, writeFolder } from '#server/cli/terminal/write-folder.ts'
import { FileExists, fileExists, replaceFile, writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import { type CommonOptions, requirePersonaId } from './common-options.ts'

export type GetOptions = CommonOptions & { out: string; force?: boolean }

/** Only its owner may read a file with private keys. */
const ownerOnly = 0o600

type Target = 'stdout' | 'zip' | 'folder'

/**
 * `personas get`: fetch a persona, open it if it is sealed, and unpack it into a folder or write the zip. A zip is
 * written as it was stored, whatever is in it: getting one's keys back comes before tidiness.
 */
export async function getPersona(ctx: VerbContext, id: string, options: GetOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email, out } = options
  const force = options.force ?? false
  const target: Target = out === '-' ? 'stdout' : /\.zip$/i.test(out) ? 'zip' : 'folder'
  requirePersonaId(id)
  await checkTarget(terminal, target, options)
  const transport = chooseServer(options.server, terminal, ctx.localServer)
  const passwords = passwordReader(terminal, options)
  const client = new PersonasClient({
    server: transport,
    credentials: { email, password: await passwords.account() },
  })

  const stored = await withProgress(terminal, ({ onStep, onProgress }) => {
    onStep('download')
    return client.get(id, { onProgress })
  })
  if (stored === null) {
    throw new CommandFailure(exitCodes.nothingStored, 'nothing-stored', `There is no persona ${forTerminal(id)}`)
  }
  const { zip, sealed } = await openStored(terminal, stored, passwords)
  const files = readFiles(terminal, zip, target)
  if (target === 'stdout') terminal.stdout.write(zip)
  else if (target === 'folder') await writeFolder(out, files ?? new Map(), force)
  else if (force) await replaceFile(out, zip, ownerOnly)
  else await writeNewFile(out, zip, ownerOnly)

  const { etag, contentType } = stored
  const what = files === null ? `${zip.length} bytes` : counted(files.size)
  return {
    text: `Wrote ${target === 'stdout' ? 'the persona' : out}: ${what}, ${sealed ? 'were sealed' : 'not sealed'}.`,
    json: { server: transport.baseUrl, email, id, out, sealed, contentType, etag, files: files?.size ?? null },
    textTo: target === 'stdout' ? 'stderr' : 'stdout',
  }
}

/** Before passwords are asked for. */
async function checkTarget(terminal: Terminal, target: Target, { out, force, json }: GetOptions): Promise<void> {
  if (target === 'stdout') {
    if (json) throw usageFailure('--json and --out - would mix on standard output')
    if (terminal.stdout.isTTY) throw usageFailure('A zip is nothing to read on a terminal; send it to a file')
    return
  }
  if (!(await fileExists(dirname(out)))) throw usageFailure(`There is no folder ${dirname(out)}`)
  if (target === 'folder') await checkFolder(out, force ?? false)
  else if (!force && (await fileExists(out))) throw new FileExists(out)
}

/** What is sealed is known by its first bytes; the media type may say anything. */
async function openStored(terminal: Terminal, { bytes }: StoredPersona, passwords: PasswordReader) {
  if (!isSealed(bytes)) {
    terminal.stderr.write('Warning: it was not sealed; whoever runs the server could read and change it.\n')
    return { zip: bytes, sealed: false }
  }
  const password = await passwords.backup('load')
  const zip = await withProgress(terminal, ({ onStep }) => {
    onStep('derive-key')
    return openPersona(bytes, password)
  })
  return { zip, sealed: true }
}

/** @returns null for what cannot be unpacked, if nobody asked for that. @throws MalformedPersona if somebody did */
function readFiles(terminal: Terminal, zip: Uint8Array, target: Target): Files | null {
  try {
    const files = readZip(zip)
    warnIfOdd(terminal, files)
    return files
  } catch (error) {
    if (!isMalformedPersona(error)) throw error
    if (target === 'folder') {
      const message = `${error.message}. --out <name>.zip writes what is stored as it is`
      throw new CommandFailure(exitCodes.notOpened, error.kind, message)
    }
    terminal.stderr.write(`Warning: ${error.message}; written as it was stored.\n`)
    return null
  }
}

function warnIfOdd(terminal: Terminal, files: Files): void {
  try {
    personaOf(files)
  } catch (error) {
    if (!isMalformedPersona(error)) throw error
    terminal.stderr.write(`Warning: ${error.message}\n`)
  }
}
