import { isMalformedOtps } from '#client/surfaces/otp/errors.ts'
import { isOtpauthUri, parseOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { readStored, type StoredOtp, toStored } from '#client/surfaces/otp/stored-otp.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import { openOrMakeDevice } from './choose-device.ts'
import type { StoreOptions } from './common-options.ts'
import { prepareSession } from './open-session.ts'
import { storeNew } from './store-new.ts'

export type AddOptions = StoreOptions & { secretFile?: string }

/** `otp add`: store one secret, given as base32 or as an otpauth URI, which brings its own label. */
export async function addOtp(ctx: VerbContext, label: string | undefined, options: AddOptions): Promise<Outcome> {
  const { terminal } = ctx
  const { email } = options
  const { passwords, open } = prepareSession(ctx, { ...options, register: options.register ?? false })
  await passwords.account()
  const source = { what: 'Secret or otpauth URI', file: options.secretFile, option: '--secret-file' }
  const otp = readGiven(label, await passwords.other(source, 'load'))
  await using session = await open()
  const opened = await openOrMakeDevice(session.client, terminal, passwords, options)
  const { stored } = await storeNew(session.client, terminal, opened, [otp])
  const { account } = otp
  return {
    text: stored === 1 ? `Stored ${forTerminal(account)}.` : `${forTerminal(account)} is there already.`,
    json: { server: session.server, email, device: opened.device, account, stored: stored === 1 },
  }
}

/** @throws usage failure, without the secret */
function readGiven(label: string | undefined, given: string): StoredOtp {
  const secret = given.trim()
  try {
    const uri = isOtpauthUri(secret) ? toStored(parseOtpauthUri(secret)) : null
    if (uri) return { ...uri, account: label ?? uri.account }
  } catch (error) {
    if (isMalformedOtps(error)) throw usageFailure(`The otpauth URI cannot be used: ${error.message}`)
    throw error
  }
  if (!label?.trim()) throw usageFailure('Say what it is for: hearthkeep otp add <account>')
  const otp = readStored({ account: label, secret })
  if (otp === null) throw usageFailure('The secret is neither base32 nor an otpauth URI')
  return { ...toStored(otp), account: label }
}
