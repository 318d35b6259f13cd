import { Problem } from '#server/kit/problem.ts'

const addsKeys = 'ACTIVITY_TYPE_CREATE_API_KEYS_V2'
const goodForMilliseconds = 5 * 60_000

/**
 * Check what a Turnkey activity is for, and when it was made (factor-backup §5.6 steps 4 and 5).
 *
 * @param text  JSON, whose signature has been verified
 * @returns the `challenge` in its metadata, if it has one
 * @throws factors.turnkey_activity_error, worded
 */
export function readTurnkeyActivity(
  text: string,
  { expectedOrganizationId, now }: { expectedOrganizationId: string | null; now: number },
): { challenge: string | null } {
  const { organizationId, type, timestampMs, metadata } = parse(text)
  if (typeof organizationId !== 'string') throw turnkeyError('Missing organizationId field in activity JSON')
  if (expectedOrganizationId !== null && organizationId !== expectedOrganizationId)
    throw turnkeyError('organizationId does not match expected Turnkey account ID')
  if (typeof type !== 'string') throw turnkeyError('Missing type field in activity JSON')
  if (type !== addsKeys) throw turnkeyError('Activity type does not match expected type')
  if (typeof timestampMs !== 'string') throw turnkeyError('Missing timestampMs field in activity JSON')
  if (!/^\d{1,15}$/.test(timestampMs)) throw turnkeyError('Invalid timestamp format in activity JSON')
  // Later than now as well: the original takes any time to come (weakness §10.1).
  if (Math.abs(now - Number(timestampMs)) > goodForMilliseconds) throw turnkeyError('Activity has expired based on TTL')
  const { challenge } = membersOf(metadata)
  return { challenge: typeof challenge === 'string' ? challenge : null }
}

/** @param message  one of factor-backup §5.6, or of §3.4 for what the original does not check */
export function turnkeyError(message: string): Problem {
  return new Problem('factors.turnkey_activity_error', { message })
}

function parse(text: string): Record<string, unknown> {
  try {
    return membersOf(JSON.parse(text))
  } catch {
    throw turnkeyError('Failed to parse activity JSON')
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
