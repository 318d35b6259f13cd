import { isRefused } from '#client/surfaces/otp/errors.ts'
import { afterUse, generateCode } from '#client/surfaces/otp/generate-code.ts'
import type { Otp } from '#client/surfaces/otp/otp.ts'
import type { FetchedOtp, OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { readStored, type StoredOtp, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { type Opened, readPin, requireDevice } from './choose-device.ts'
import { chooseOtp } from './choose-otp.ts'
import { type CommonOptions, damagedOnes, readTime, warnOfSkipped } from './common-options.ts'
import { prepareSession } from './open-session.ts'

export type CodeOptions = CommonOptions & { at?: string }

type Unlocked = Pick<Opened, 'device' | 'pin'>
type Shown = { id: number; account: string; code: string; secondsLeft: number | null }

/**
 * `otp code`: the current code of one account, or of all. HOTP codes are used up by being shown, so they are shown only
 * when asked for by name.
 */
export async function showCode(ctx: VerbContext, wanted: string | undefined, options: CodeOptions): Promise<Outcome> {
  const { terminal } = ctx
  const now = readTime(options.at)
  const { passwords, open } = prepareSession(ctx, options)
  await using session = await open()
  const { client, server } = session
  const device = requireDevice(await client.devices(), options)
  const pin = await readPin(passwords, device, options)
  const { otps, damaged } = await client.otps(device.id, pin)
  if (damaged.length > 0) warnOfSkipped(terminal, damagedOnes(damaged))
  const codes = wanted === undefined ? allCodes(otps, now) : [await oneCode(client, { device, pin }, otps, wanted, now)]
  const json = { server, email: options.email, device: { id: device.id, name: device.name }, codes }
  if (codes.length === 0) return { text: 'No codes are stored there.', textTo: 'stderr', json }
  return { text: codes.map(lineOf).join('\n'), json }
}

function allCodes(otps: FetchedOtp[], now: number): Shown[] {
  return otps.flatMap((stored) => {
    const otp = readStored(stored)
    return otp?.type === 'totp' ? [shownOf(stored, otp, now)] : []
  })
}

async function oneCode(
  client: OtpClient,
  opened: Unlocked,
  otps: FetchedOtp[],
  wanted: string,
  now: number,
): Promise<Shown> {
  const stored = chooseOtp(otps, wanted, { exactly: false })
  const otp = readStored(stored)
  if (otp === null) {
    const message = `What is stored for ${forTerminal(stored.account)} makes no codes; "otp export --plain" has it`
    throw new CommandFailure(exitCodes.nothingStored, 'no-code', message)
  }
  const next = afterUse(otp)
  if (next) await replaceOtp(client, opened, stored, { account: stored.account, secret: toStored(next).secret })
  return shownOf(stored, otp, now)
}

/**
 * Store the next counter, then take this one away, and only then show the code: whatever breaks off, no code is shown
 * twice and no secret is lost.
 */
async function replaceOtp(
  client: OtpClient,
  { device, pin }: Unlocked,
  old: FetchedOtp,
  next: StoredOtp,
): Promise<void> {
  const added = await client.addOtp(device.id, pin, next)
  try {
    await client.deleteOtp(old.id)
  } catch (error) {
    if (!isRefused(error, 'unknown-otp')) throw error
    await client.deleteOtp(added.id)
    throw new CommandFailure(exitCodes.conflict, 'conflict', 'Another device used this code just now; try again')
  }
}

function shownOf({ id, account }: FetchedOtp, otp: Otp, now: number): Shown {
  return { id, account, ...generateCode(otp, now) }
}

function lineOf({ account, code, secondsLeft }: Shown): string {
  const left = secondsLeft === null ? 'once' : `${secondsLeft} s`
  return `${code}\t${left}\t${forTerminal(account)}`
}
