import { isMalformedOtps } from '#client/surfaces/otp/errors.ts'
import { isMigrationUri, type MissingParts, readMigration } from '#client/surfaces/otp/google-migration.ts'
import type { OtpFile, Skipped } from '#client/surfaces/otp/otp-file.ts'
import { parseOtpauthUri } from '#client/surfaces/otp/otpauth-uri.ts'
import { type StoredOtp, toStored } from '#client/surfaces/otp/stored-otp.ts'

/** What somebody showed so far: the texts of QR codes, which may belong together, and what was in files. */
export type Gathered = { texts: string[]; files: OtpFile[] }

export const nothingGathered: Gathered = { texts: [], files: [] }

/** What all that comes to. */
export type Found = { otps: StoredOtp[]; skipped: Skipped[]; missing: MissingParts[] }

/** Whether a QR code is one of ours to read. */
export function isCodeText(text: string): boolean {
  try {
    if (isMigrationUri(text)) readMigration([text])
    else parseOtpauthUri(text)
    return true
  } catch (error) {
    if (isMalformedOtps(error)) return false
    throw error
  }
}

/** The same with more texts of QR codes in it, each of them once. @param texts  those that `isCodeText` takes */
export function withTexts({ texts: before, files }: Gathered, texts: string[]): Gathered {
  return { texts: [...new Set([...before, ...texts])], files }
}

export function withFile({ texts, files }: Gathered, file: OtpFile): Gathered {
  return { texts, files: [...files, file] }
}

export function foundIn({ texts, files }: Gathered): Found {
  const singles = texts.filter((text) => !isMigrationUri(text)).map((text) => toStored(parseOtpauthUri(text)))
  const moved = readMigration(texts.filter(isMigrationUri))
  return {
    otps: [...singles, ...moved.otps, ...files.flatMap(({ otps }) => otps)],
    skipped: [...moved.skipped, ...files.flatMap(({ skipped }) => skipped)],
    missing: moved.missing,
  }
}
