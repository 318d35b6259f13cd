import { type SealOptions, seal } from '#client/crypto/seal.ts'
import { writeAegis } from './aegis.ts'
import { writeOwnExport } from './export-json.ts'
import { whyNotMigratable, writeMigrationUris } from './google-migration.ts'
import { chooseEntries, type Skipped } from './otp-file.ts'
import { writeOtpauthUri } from './otpauth-uri.ts'
import type { StoredOtp } from './stored-otp.ts'

/** `hearthkeep` loses nothing; the others leave out what they cannot say. */
export const exportFormats = ['hearthkeep', 'uris', 'google', 'aegis'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type WriteFileOptions = {
  format: ExportFormat
  /** null: readable by everybody who gets hold of the file. */
  password: string | null
  now: Date
  seal?: SealOptions
}

export type WrittenFile = { bytes: Uint8Array<ArrayBuffer>; written: number; skipped: Skipped[] }

/**
 * All OTPs in one file, that `readOtpFile` reads again.
 *
 * With a password, Aegis files are encrypted as Aegis does; all others are sealed by client/crypto, which Hearthkeep
 * alone opens.
 *
 * @throws WeakPassword, CryptoUnavailable
 */
export async function writeOtpFile(stored: StoredOtp[], options: WriteFileOptions): Promise<WrittenFile> {
  const { format, password, now } = options
  if (format === 'aegis') {
    const { otps, skipped } = chooseEntries(stored)
    return { bytes: utf8(await writeAegis(otps, password, random)), written: otps.length, skipped }
  }
  const { text, written, skipped } = plainText(stored, format, now)
  const bytes = password === null ? utf8(text) : await seal(utf8(text), password, options.seal)
  return { bytes, written, skipped }
}

function plainText(stored: StoredOtp[], format: Exclude<ExportFormat, 'aegis'>, now: Date) {
  if (format === 'hearthkeep') return { text: writeOwnExport(stored, now), written: stored.length, skipped: [] }
  const { otps, skipped } = chooseEntries(stored, format === 'google' ? whyNotMigratable : undefined)
  const lines = format === 'google' ? writeMigrationUris(otps, batchId()) : otps.map(writeOtpauthUri)
  return { text: lines.map((line) => `${line}\n`).join(''), written: otps.length, skipped }
}

function batchId(): number {
  return new DataView(random(4).buffer).getUint32(0) >>> 1
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
