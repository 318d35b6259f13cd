import { isServerError, ProtocolError } from '#client/transport/errors.ts'
import { UploadInProgress, VersionConflict } from './errors.ts'

/**
 * Condition of an upload: the version it replaces, `'none'` for "there must be none yet", or no condition header at
 * all.
 */
export type Expected = number | 'none' | undefined

export function conditionHeaders(expected: Expected): Record<string, string> {
  if (expected === undefined) return {}
  return expected === 'none' ? { 'if-none-match': '*' } : { 'if-match': formatVersion(expected) }
}

export function formatVersion(version: number): string {
  return `"${version}"`
}

/** @throws ProtocolError when a successful answer carries no version */
export function versionOf(headers: Headers): number {
  const version = readVersion(headers)
  if (version === null) throw new ProtocolError('The answer carries no version (ETag). Is the address right?')
  return version
}

/** The two ways a server says "not now" to an upload; any other error comes back as it was. */
export function asSlotError(error: unknown): unknown {
  if (!isServerError(error)) return error
  if (error.status === 412) return new VersionConflict(readVersion(error.headers))
  if (error.status !== 409) return error
  // 409 is both the user-scoped version conflict and "somebody is uploading" (design §6, cloud-backup §3.6); only the
  // words tell them apart for certain, because either may carry the current version.
  const busy = ['Upload already in progress', 'Concurrent modification'].includes(error.message)
  return busy ? new UploadInProgress() : new VersionConflict(readVersion(error.headers))
}

function readVersion(headers: Headers): number | null {
  const match = /^(?:W\/)?"?(\d{1,10})"?$/.exec(headers.get('etag') ?? '')
  return match ? Number(match[1]) : null
}
