import { faultInName, faultInNames } from '#client/files/file-names.ts'
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

/** @throws MalformedPersona for names that no file system, or not every one, keeps as they are */
export function checkNames(names: Iterable<string>): void {
  const fault = faultInNames(names)
  if (fault !== null) throw new MalformedPersona(fault)
}

/** One name alone. @throws MalformedPersona */
export function checkName(name: string): void {
  const fault = faultInName(name)
  if (fault !== null) throw new MalformedPersona(fault)
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
