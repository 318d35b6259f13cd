import { isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { isClientError } from '#client/errors/client-error.ts'
import type { OtpFile } from '#client/surfaces/otp/otp-file.ts'
import { readOtpFile } from '#client/surfaces/otp/read-otp-file.ts'

/** No export of codes is larger; what is, was chosen by mistake. */
const largest = 32 * 1024 * 1024

export type ReadExport =
  | { kind: 'read'; file: OtpFile }
  | { kind: 'sealed' | 'wrong-password' | 'needs-https' | 'unreadable' }

/** Thrown by us alone, to leave the reader where it asks. */
class PasswordWanted extends Error {}

/**
 * The export of an authenticator, of whatever kind.
 *
 * @param password  null when none was given yet; `sealed` says that one is needed
 */
export async function readExport(file: Blob, password: string | null): Promise<ReadExport> {
  if (file.size > largest) return { kind: 'unreadable' }
  const ask = async () => {
    if (password === null) throw new PasswordWanted()
    return password
  }
  try {
    return { kind: 'read', file: await readOtpFile(new Uint8Array(await file.arrayBuffer()), { password: ask }) }
  } catch (error) {
    if (error instanceof PasswordWanted) return { kind: 'sealed' }
    if (isWrongPasswordOrDamaged(error)) return { kind: 'wrong-password' }
    if (isClientError(error, 'crypto-unavailable')) return { kind: 'needs-https' }
    if (isClientError(error)) return { kind: 'unreadable' }
    throw error
  }
}
