import { MalformedPersona } from './errors.ts'

/** Files by their path inside the zip: relative, parts divided by `/`. */
export type Files = ReadonlyMap<string, Uint8Array>

/** What a zip may hold at most, to read and to write. 100 MiB is the largest persona a server can be set to keep. */
export const zipLimits = { entries: 1_000, bytes: 100 * 1024 * 1024 }
export type ZipLimits = typeof zipLimits

/** Signatures and fixed lengths in bytes (APPNOTE 4.3). All integers are little-endian. */
export const localHeader = { signature: 0x04034b50, length: 30 }
export const centralHeader = { signature: 0x02014b50, length: 46 }
export const endRecord = { signature: 0x06054b50, length: 22 }

export const methods = { store: 0, deflate: 8 }
export const flags = { encrypted: 0x0001, utf8: 0x0800, maskedHeaders: 0x2000 }

/** "Made by" Unix, so that the upper half of the external attributes is a Unix mode. */
export const madeByUnix = 3

/** Longest name of a file or folder on the usual file systems, in bytes. */
const longestPart = 255
const longestName = 1024

/**
 * Names that could be written somewhere else than meant, or that are one file on some systems and two on others, are
 * refused: on the device that restores, it would be too late.
 *
 * @throws MalformedPersona
 */
export function checkNames(names: Iterable<string>): void {
  const seen = new Set<string>()
  const folders = new Set<string>()
  for (const name of names) {
    checkName(name)
    const folded = foldName(name)
    if (seen.has(folded))
      throw new MalformedPersona(`${quoted(name)} is there twice; upper and lower case count as one`)
    seen.add(folded)
    for (let slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
      folders.add(folded.slice(0, slash))
    }
  }
  for (const folder of folders) {
    if (seen.has(folder)) throw new MalformedPersona(`${quoted(folder)} is a file and a folder`)
  }
}

/** @throws MalformedPersona for absolute names, `..`, backslashes, drive letters and what no file system takes */
export function checkName(name: string): void {
  const parts = name.split('/')
  const escapes = parts.some((part) => part === '' || part === '.' || part === '..')
  const odd = !name.isWellFormed() || /[\p{Cc}\\:]/u.test(name)
  const length = (text: string) => new TextEncoder().encode(text).length
  if (escapes || odd || length(name) > longestName || parts.some((part) => length(part) > longestPart)) {
    throw new MalformedPersona(`A file name is not allowed: ${quoted(name)}`)
  }
}

/** macOS and Windows do not tell upper from lower case, macOS not composed from decomposed letters. */
function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

/** A name from an untrusted zip, short and without anything that could repaint a terminal. */
export function quoted(name: string): string {
  const line = JSON.stringify(name).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd')
  return line.length > 120 ? `${line.slice(0, 120)}…"` : line
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1
  return crc
})

/** CRC-32 as in zip, gzip and PNG. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}
