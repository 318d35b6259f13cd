import { MalformedOtps } from './errors.ts'
import { fieldsOf, listIn, type OtpFile, textIn } from './otp-file.ts'
import type { StoredOtp } from './stored-otp.ts'

const format = 'hearthkeep-otp'
const version = 1

export function isOwnExport(json: Record<string, unknown>): boolean {
  return json.format === format
}

/** Our own form: what the server stores, text for text, so that nothing is lost, whoever stored it. */
export function writeOwnExport(otps: StoredOtp[], now: Date): string {
  const entries = otps.map(({ account, secret }) => ({ account, secret }))
  return `${JSON.stringify({ format, version, exportedAt: now.toISOString(), otps: entries }, null, 2)}\n`
}

/** @throws MalformedOtps */
export function readOwnExport(json: Record<string, unknown>): OtpFile {
  if (json.version !== version) throw new MalformedOtps('an export of another version; update this program')
  const otps = listIn(json.otps, 'otps').map((entry, index) => {
    const fields = fieldsOf(entry, `otps[${index}]`)
    const [account, secret] = [textIn(fields.account, 'account'), textIn(fields.secret, 'secret')]
    if (!account || !secret) throw new MalformedOtps(`otps[${index}] lacks account or secret`)
    return { account, secret }
  })
  return { otps, skipped: [] }
}
