import { readFile, stat } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { isMalformedOtps } from '#client/surfaces/otp/errors.ts'
import { isMigrationUri } from '#client/surfaces/otp/google-migration.ts'
import type { OtpFile } from '#client/surfaces/otp/otp-file.ts'
import { isOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { readOtpFile } from '#client/surfaces/otp/read-otp-file.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { PasswordReader } from '#server/cli/terminal/read-passwords.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { openOrMakeDevice } from './choose-device.ts'
import { counted, type StoreOptions, warnOfSkipped } from './common-options.ts'
import { prepareSession } from './open-session.ts'
import { storeNew } from './store-new.ts'

/** Far above any authenticator's. */
const largestFile = 16 * 1024 * 1024

/** `otp import`: take over a file of another authenticator or an export of ours; what is there already stays as it is. */
export async function importOtps(ctx: VerbContext, source: string, options: StoreOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  const { passwords, open } = prepareSession(ctx, { ...options, register: options.register ?? false })
  const bytes = await readSource(terminal, source, options)
  const { otps, skipped } = await readOtps(source, bytes, passwords)
  warnOfSkipped(terminal, skipped)
  if (otps.length === 0) throw usageFailure('There is nothing in it that can be stored')
  await using session = await open()
  const opened = await openOrMakeDevice(session.client, terminal, passwords, options)
  const { stored, present } = await storeNew(session.client, terminal, opened, otps)
  const { id, name } = opened.device
  return {
    text: `Stored ${counted(stored)}${present > 0 ? `; ${present} were there already` : ''}.`,
    json: { server: session.server, email, device: { id, name }, stored, present, skipped },
  }
}

async function readOtps(source: string, bytes: Uint8Array, passwords: PasswordReader): Promise<OtpFile> {
  try {
    return await readOtpFile(bytes, { password: () => passwords.backup('load') })
  } catch (error) {
    if (isMalformedOtps(error)) throw usageFailure(`${isUri(source) ? 'The URI' : source}: ${error.message}`)
    throw error
  }
}

/** @throws usage failure, naming the file */
async function readSource(terminal: Terminal, source: string, options: StoreOptions): Promise<Uint8Array> {
  if (isUri(source)) {
    terminal.stderr.write('Warning: others on this machine can read the command line, and with it this secret.\n')
    return Buffer.from(source)
  }
  if (source === '-') {
    const { accountPasswordFile, backupPasswordFile, pinFile } = options
    if ([accountPasswordFile, backupPasswordFile, pinFile].includes('-')) {
      throw usageFailure('Standard input cannot be both what is imported and a password')
    }
    return buffer(terminal.stdin)
  }
  try {
    if ((await stat(source)).size > largestFile) throw usageFailure(`${source} is too large for an export of secrets`)
    return await readFile(source)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== undefined) throw usageFailure(`${source} cannot be read (${code})`)
    throw error
  }
}

function isUri(source: string): boolean {
  return isOtpauthUri(source) || isMigrationUri(source)
}
