import { openVault, sealVault, uuidOf } from './aegis-vault.ts'
import { MalformedOtps } from './errors.ts'
import { fromBase32, type Otp, otpFrom, toBase32 } from './otp.ts'
import { fieldsOf, labelIn, listIn, numberIn, type OtpFile, readEntries, textIn } from './otp-file.ts'

/** Of the file and of the database inside that this program reads and writes; Aegis reads all lower ones too. */
const fileVersion = 1
const databaseVersion = 3

type Random = (length: number) => Uint8Array<ArrayBuffer>

export function isAegis(json: Record<string, unknown>): boolean {
  return 'header' in json && 'db' in json
}

/**
 * A vault or export of Aegis Authenticator. Steam, mOTP and Yandex entries are skipped.
 *
 * @param password  asked for only when it is encrypted
 * @throws MalformedOtps, WrongPasswordOrDamaged
 */
export async function readAegis(json: Record<string, unknown>, password: () => Promise<string>): Promise<OtpFile> {
  if (json.version !== fileVersion) throw new MalformedOtps('an Aegis file of another version; update this program')
  const { db } = json
  const header = fieldsOf(json.header, 'header')
  const opened = typeof db === 'string' ? await openVault(header, db, await password()) : db
  const { version, entries } = fieldsOf(opened, 'db')
  if (typeof version !== 'number' || version > databaseVersion) {
    throw new MalformedOtps('an Aegis database of another version; update this program')
  }
  return readEntries(listIn(entries, 'db.entries'), whatOf, readEntry)
}

/** An Aegis file; with a password, encrypted under it as Aegis does. `random` gives bytes; tests own it. */
export async function writeAegis(otps: Otp[], password: string | null, random: Random): Promise<string> {
  const db = { version: databaseVersion, entries: otps.map((otp) => entryOf(otp, random)), groups: [] }
  const content =
    password === null ? { header: { slots: null, params: null }, db } : await sealVault(db, password, random)
  return `${JSON.stringify({ version: fileVersion, ...content }, null, 4)}\n`
}

function readEntry(value: unknown): Otp {
  const { type, issuer, name, info } = fieldsOf(value, 'the entry')
  const { secret, algo, digits, period, counter } = fieldsOf(info, 'info')
  return otpFrom({
    type: textIn(type, 'type') ?? '',
    issuer: textIn(issuer, 'issuer'),
    name: textIn(name, 'name'),
    secret: fromBase32(textIn(secret, 'secret') ?? ''),
    algorithm: textIn(algo, 'algo'),
    digits: numberIn(digits, 'digits'),
    period: numberIn(period, 'period'),
    counter: numberIn(counter, 'counter'),
  })
}

function whatOf(value: unknown, index: number): string {
  const { issuer, name } = (value ?? {}) as Record<string, unknown>
  return labelIn(issuer, name) || `entry ${index + 1}`
}

function entryOf(otp: Otp, random: Random) {
  const { type, name, issuer, algorithm, digits } = otp
  const rest = otp.type === 'totp' ? { period: otp.period } : { counter: otp.counter }
  const info = { secret: toBase32(otp.secret), algo: algorithm, digits, ...rest }
  return { type, uuid: uuidOf(random), name, issuer, note: '', favorite: false, icon: null, info, groups: [] }
}
