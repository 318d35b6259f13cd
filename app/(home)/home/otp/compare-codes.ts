import { toBase32 } from '#client/surfaces/otp/otp.ts'
import { readStored, type StoredOtp } from '#client/surfaces/otp/stored-otp.ts'

/**
 * Two with the same key make the same codes, whatever they are called. The counter of a HOTP is not part of it: it is
 * where its owner got to.
 */
export function keyOf(stored: StoredOtp): string {
  const otp = readStored(stored)
  if (otp === null) return `text ${stored.account}\n${stored.secret}`
  const { type, algorithm, digits, secret } = otp
  return [type, algorithm, digits, otp.type === 'totp' ? otp.period : '', toBase32(secret)].join(' ')
}

/** Why one that was found need not be added. */
export type Double = { kind: 'here'; account: string } | { kind: 'twice' }

/** For each of those that were found: what it doubles, or null. */
export function findDoubles(found: StoredOtp[], here: StoredOtp[]): (Double | null)[] {
  const known = new Map<string, Double>(
    here.map((stored) => [keyOf(stored), { kind: 'here', account: stored.account }] as const),
  )
  return found.map((stored) => {
    const key = keyOf(stored)
    const double = known.get(key) ?? null
    if (double === null) known.set(key, { kind: 'twice' })
    return double
  })
}
