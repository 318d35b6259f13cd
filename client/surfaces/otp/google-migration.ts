import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { Utf8Reader, Utf8Writer } from '#client/surfaces/cloud-backup/utf8-pbf.ts'
import { isMalformedOtps, MalformedOtps } from './errors.ts'
import {
  type MigrationPayloadMessage,
  type OtpParametersMessage,
  readMigrationPayload,
  writeMigrationPayload,
} from './generated/google-migration.js'
import { algorithms, defaults, type Otp, otpFrom, withoutIssuer } from './otp.ts'
import { type OtpFile, readEntries } from './otp-file.ts'
import { decode } from './otpauth-uri.ts'

/** As many as Google Authenticator itself puts into one QR code. */
const perCode = 10
/** No honest transfer has more; a forged one must not make us count for ever. */
const mostCodes = 1000

/** How google-migration.proto counts; 0 is "not said", which is the usual one. */
const algorithmNumbers = ['', ...algorithms]
const digitNumbers = [defaults.digits, 6, 8]
const typeNumbers = ['totp', 'hotp', 'totp']

export function isMigrationUri(text: string): boolean {
  return /^otpauth-migration:\/\//i.test(text.trim())
}

/** QR codes of one transfer that were not given, counted from 1. */
export type MissingParts = { parts: number[]; size: number }

/**
 * The OTPs in the QR codes of one or more transfers, in any order. A code that is missing or twice is no error for the
 * ones that are there; it is said in `skipped`.
 *
 * @throws MalformedOtps for a text that is no such URI or damaged
 */
export function parseMigrationUris(uris: string[]): OtpFile {
  const { otps, skipped, missing } = readMigration(uris)
  const absent = missing.flatMap(({ parts, size }) =>
    parts.map((part) => ({ what: `QR code ${part} of ${size}`, why: 'it was not given' })),
  )
  return { otps, skipped: [...skipped, ...absent] }
}

/** The same, with what is missing apart, for whoever can still ask for it. @throws as `parseMigrationUris` */
export function readMigration(uris: string[]): OtpFile & { missing: MissingParts[] } {
  const payloads = uris.map(readPayload)
  const seen = new Set<string>()
  const file: OtpFile = { otps: [], skipped: [] }
  for (const { batch_id, batch_index, otp_parameters } of payloads) {
    const key = `${batch_id} ${batch_index}`
    if (seen.has(key) && batch_id !== 0) continue
    seen.add(key)
    const nameOf = ({ issuer, name }: OtpParametersMessage) => name || issuer || 'an unnamed entry'
    const { otps, skipped } = readEntries(otp_parameters, nameOf, readOtp)
    file.otps = file.otps.concat(otps)
    file.skipped = file.skipped.concat(skipped)
  }
  const sizes = new Map(payloads.map(({ batch_id, batch_size }) => [batch_id, Math.min(batch_size, mostCodes)]))
  const missing = [...sizes].map(([id, size]) => ({
    size,
    parts: Array.from({ length: Math.max(0, size) }, (_, index) => index + 1).filter(
      (part) => !seen.has(`${id} ${part - 1}`),
    ),
  }))
  return { ...file, missing: missing.filter(({ parts }) => parts.length > 0) }
}

/** What Google Authenticator cannot be told, or null when it can. */
export function whyNotMigratable(otp: Otp): string | null {
  if (otp.type === 'totp' && otp.period !== defaults.period) return 'Google Authenticator knows periods of 30 s only'
  if (otp.digits === 7) return 'Google Authenticator knows 6 and 8 digits only'
  return null
}

/**
 * One URI a QR code, ten OTPs in each.
 *
 * @param otps  those for which `whyNotMigratable` is null
 * @param batchId  random 31 bits, the same in all codes of the transfer
 */
export function writeMigrationUris(otps: Otp[], batchId: number): string[] {
  const size = Math.ceil(otps.length / perCode)
  return Array.from({ length: size }, (_, index) => {
    const writer = new Utf8Writer()
    const otp_parameters = otps.slice(index * perCode, (index + 1) * perCode).map(writeOtp)
    writeMigrationPayload(
      { otp_parameters, version: 1, batch_size: size, batch_index: index, batch_id: batchId },
      writer,
    )
    return `otpauth-migration://offline?data=${encodeURIComponent(toBase64(writer.finish()))}`
  })
}

function readPayload(uri: string): MigrationPayloadMessage {
  const data = /[?&]data=([^&#\s]+)/.exec(uri)?.[1] ?? ''
  // Where the URI was unescaped on its way, a plus is a plus: base64 has no spaces.
  const bytes = fromBase64(withPadding(decode(data).replaceAll('-', '+').replaceAll('_', '/')))
  if (!isMigrationUri(uri) || bytes === null || bytes.length === 0) throw damaged()
  try {
    const reader = new Utf8Reader(bytes)
    const payload = readMigrationPayload(reader)
    // Reading past the end goes unnoticed in pbf.
    if (reader.pos !== bytes.length) throw damaged()
    return payload
  } catch (error) {
    throw isMalformedOtps(error) ? error : damaged(error)
  }
}

function readOtp({ secret, name, issuer, algorithm, digits, type, counter }: OtpParametersMessage): Otp {
  return otpFrom({
    type: typeNumbers[type] ?? 'unknown',
    issuer,
    name: withoutIssuer(name, issuer),
    secret: new Uint8Array(secret ?? []),
    algorithm: algorithm === 0 ? undefined : (algorithmNumbers[algorithm] ?? 'unknown'),
    digits: digitNumbers[digits] ?? Number.NaN,
    counter,
  })
}

function writeOtp(otp: Otp): OtpParametersMessage {
  return {
    secret: otp.secret,
    name: otp.name,
    issuer: otp.issuer,
    algorithm: algorithmNumbers.indexOf(otp.algorithm),
    digits: digitNumbers.lastIndexOf(otp.digits),
    type: typeNumbers.lastIndexOf(otp.type),
    counter: otp.type === 'hotp' ? otp.counter : 0,
  }
}

function withPadding(base64: string): string {
  const bare = base64.replaceAll('=', '')
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
}

function damaged(cause?: unknown): MalformedOtps {
  return new MalformedOtps('the otpauth-migration URI is damaged or cut short', cause)
}
