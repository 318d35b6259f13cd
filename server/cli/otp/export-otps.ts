import { dirname } from 'node:path'
import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { type ExportFormat, writeOtpFile } from '#client/surfaces/otp/write-otp-file.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { FileExists, fileExists, replaceFile, writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import { readPin, requireDevice } from './choose-device.ts'
import { type CommonOptions, counted, damagedOnes, warnOfSkipped } from './common-options.ts'
import { prepareSession } from './open-session.ts'

export type ExportOptions = CommonOptions & { out: string; format: ExportFormat; plain?: boolean; force?: boolean }

/** Only its owner may read a file with secrets, sealed or not. */
const ownerOnly = 0o600

/** `otp export`: everything on a device into one file, encrypted with the backup password unless told otherwise. */
export async function exportOtps(ctx: VerbContext, options: ExportOptions): Promise<Outcome> {
  const { terminal, kdf } = ctx
  const { email, out, format } = options
  const plain = options.plain ?? false
  await checkTarget(terminal, options)
  const { passwords, open } = prepareSession(ctx, options)
  await passwords.account()
  await using session = await open()
  const device = requireDevice(await session.client.devices(), options)
  const pin = await readPin(passwords, device, options)
  const { otps, damaged } = await session.client.otps(device.id, pin)

  const password = plain ? null : await passwords.backup('save')
  if (password === null) terminal.stderr.write('Warning: --plain: whoever gets hold of the file has all the secrets.\n')
  else checkNewPassword(password)
  const file = await writeOtpFile(otps, { format, password, now: new Date(), seal: { kdf } })
  const skipped = [...damagedOnes(damaged), ...file.skipped]
  warnOfSkipped(terminal, skipped)
  if (file.written === 0)
    throw new CommandFailure(exitCodes.nothingStored, 'nothing-stored', 'There is nothing to write')
  const toStdout = out === '-'
  if (toStdout) terminal.stdout.write(file.bytes)
  else if (options.force) await replaceFile(out, file.bytes, ownerOnly)
  else await writeNewFile(out, file.bytes, ownerOnly)
  const { id, name } = device
  const written = { format, encrypted: !plain, written: file.written, skipped }
  return {
    text: `Wrote ${toStdout ? 'them' : out}: ${counted(file.written)}, ${plain ? 'not encrypted' : 'encrypted'}.`,
    json: { server: session.server, email, device: { id, name }, out, ...written },
    textTo: toStdout ? 'stderr' : 'stdout',
  }
}

/** Before passwords are asked for. */
async function checkTarget(terminal: Terminal, { out, force, json, plain }: ExportOptions): Promise<void> {
  if (out === '-') {
    if (json) throw usageFailure('--json and --out - would mix on standard output')
    if (terminal.stdout.isTTY && !plain) throw usageFailure('A sealed file is nothing to read on a terminal')
    return
  }
  if (!(await fileExists(dirname(out)))) throw usageFailure(`There is no folder ${dirname(out)}`)
  if (!force && (await fileExists(out))) throw new FileExists(out)
}
