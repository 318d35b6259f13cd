import { type OpenOptions, open } from '#client/crypto/seal.ts'
import { isAegis, readAegis } from './aegis.ts'
import { isMalformedOtps, MalformedOtps } from './errors.ts'
import { isOwnExport, readOwnExport } from './export-json.ts'
import { isMigrationUri, parseMigrationUris } from './google-migration.ts'
import { fieldsOf, type OtpFile, parseJson } from './otp-file.ts'
import { isOtpauthUri, parseOtpauthUri } from './otpauth-uri.ts'
import { plainListIn, readPlainList } from './plain-json.ts'
import { toStored } from './stored-otp.ts'
import { isTwoFas, readTwoFas } from './two-fas.ts'

/** "HKSB", as everything sealed by client/crypto starts. */
const magic = [0x48, 0x4b, 0x53, 0x42]

export type ReadFileOptions = OpenOptions & {
  /** Asked for once, and only when the file turns out to be encrypted. */
  password: () => Promise<string>
}

/**
 * The OTPs in a file of any known kind, recognised by what is in it: our export (sealed or plain), Aegis and 2FAS
 * backups, any other JSON list of codes, or a text with one otpauth or otpauth-migration URI a line.
 *
 * @throws MalformedOtps for anything else; WrongPasswordOrDamaged, MalformedSealedBackup, CryptoUnavailable
 */
export async function readOtpFile(bytes: Uint8Array, options: ReadFileOptions): Promise<OtpFile> {
  if (magic.every((byte, index) => bytes[index] === byte)) {
    const opened = await open(bytes, await options.password(), options)
    return readText(textOf(opened), options)
  }
  return readText(textOf(bytes), options)
}

async function readText(text: string, { password }: ReadFileOptions): Promise<OtpFile> {
  if (!/^\s*[[{]/.test(text)) return readLines(text)
  const whole = parseJson(text)
  const list = plainListIn(whole)
  if (Array.isArray(whole) && list) return readPlainList(list)
  const json = fieldsOf(whole, 'the file')
  if (isOwnExport(json)) return readOwnExport(json)
  if (isAegis(json)) return readAegis(json, password)
  if (isTwoFas(json)) return readTwoFas(json, password)
  if (list) return readPlainList(list)
  throw new MalformedOtps('the JSON is no export of Hearthkeep, Aegis or 2FAS, and no list of codes')
}

/** One URI a line; empty lines and those that start with `#` do not count. */
function readLines(text: string): OtpFile {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), what: `line ${index + 1}` }))
  const said = lines.filter(({ line }) => line !== '' && !line.startsWith('#'))
  if (!said.some(({ line }) => isOtpauthUri(line) || isMigrationUri(line))) {
    throw new MalformedOtps('neither an otpauth URI nor an export of a known authenticator')
  }
  const file: OtpFile = { otps: [], skipped: [] }
  const migration: string[] = []
  for (const { line, what } of said) {
    if (isMigrationUri(line)) {
      migration.push(line)
      continue
    }
    try {
      file.otps.push(toStored(parseOtpauthUri(line)))
    } catch (error) {
      if (!isMalformedOtps(error)) throw error
      file.skipped.push({ what, why: error.message })
    }
  }
  const { otps, skipped } = parseMigrationUris(migration)
  return { otps: [...file.otps, ...otps], skipped: [...file.skipped, ...skipped] }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new MalformedOtps('the file is not text', error)
  }
}
