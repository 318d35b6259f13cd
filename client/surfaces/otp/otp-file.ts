import { isMalformedOtps, MalformedOtps } from './errors.ts'
import { labelOf, type Otp } from './otp.ts'
import { partLabel, readStored, type StoredOtp, toStored } from './stored-otp.ts'

/** Something that stayed behind, and why. `what` is a label or a place, never a secret. */
export type Skipped = { what: string; why: string }

/** What was found in a file of an authenticator. */
export type OtpFile = { otps: StoredOtp[]; skipped: Skipped[] }

/** Read entries one by one: a strange one must not keep the others from being taken over. */
export function readEntries<T>(
  entries: T[],
  what: (entry: T, index: number) => string,
  read: (entry: T) => Otp,
): OtpFile {
  const file: OtpFile = { otps: [], skipped: [] }
  for (const [index, entry] of entries.entries()) {
    try {
      file.otps.push(toStored(read(entry)))
    } catch (error) {
      if (!isMalformedOtps(error)) throw error
      file.skipped.push({ what: what(entry, index), why: error.message })
    }
  }
  return file
}

/**
 * Which of the stored texts another authenticator can take.
 *
 * @param takes  says what is wrong with one, or null
 */
export function chooseEntries(stored: StoredOtp[], takes: (otp: Otp) => string | null = () => null) {
  const chosen: { otps: Otp[]; skipped: Skipped[] } = { otps: [], skipped: [] }
  for (const entry of stored) {
    const otp = readStored(entry)
    const why = otp === null ? 'its secret makes no codes' : takes(otp)
    if (otp === null || why !== null) chosen.skipped.push({ what: entry.account, why: why ?? '' })
    else chosen.otps.push(named(otp, entry.account))
  }
  return chosen
}

/** The label may have been changed where the URI in the secret was not; the one that is shown counts. */
function named(otp: Otp, account: string): Otp {
  return labelOf(otp) === account ? otp : { ...otp, ...partLabel(account) }
}

/** What a person tells an entry by that may be malformed: of issuer and name, what is text. */
export function labelIn(issuer: unknown, name: unknown): string {
  const [one, two] = [issuer, name].map((part) => (typeof part === 'string' ? part : ''))
  return labelOf({ issuer: one ?? '', name: two ?? '' })
}

/** @throws MalformedOtps; the parser's own message would quote the text, and with it secrets */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedOtps('the file starts like JSON, but is damaged')
  }
}

/** The fields of a JSON object. @throws MalformedOtps */
export function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedOtps(`${what} is no object`)
  return value as Record<string, unknown>
}

/** @throws MalformedOtps */
export function listIn(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new MalformedOtps(`${what} is no list`)
  return value
}

/** @returns undefined for an absent or null field. @throws MalformedOtps */
export function textIn(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw new MalformedOtps(`${what} is no text`)
  return value
}

/** @returns undefined for an absent or null field. @throws MalformedOtps */
export function numberIn(value: unknown, what: string): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw new MalformedOtps(`${what} is no number`)
  return value
}
