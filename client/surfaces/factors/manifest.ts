import { webCrypto } from '#client/crypto/web-crypto.ts'
import { toBase64 } from '#client/encoding/base64.ts'
import { toHex } from '#client/encoding/hex.ts'
import { faultInNames } from '#client/files/file-names.ts'
import { FactorError } from './errors.ts'

export type ManifestFile = {
  /** Relative path, parts divided by `/`. */
  name: string
  /** In bytes. */
  size: number
  /** 64 lower-case hex digits. */
  sha256: string
}

/** What is in a version of a backup. It lies encrypted in front of the files; the server sees its hash alone. */
export type Manifest = {
  format: 1
  /** Unix milliseconds, and always later than the version before, whatever this device's clock says. */
  savedAt: number
  /** 16 random bytes in base64, so that nobody can guess at contents by comparing hashes. */
  salt: string
  /** Ascending by name, in UTF-16 code units. */
  files: ManifestFile[]
}

export const mostFiles = 10_000

/**
 * The one spelling of a manifest, and its hash: SHA-256 of these bytes in hex, the `manifestHash` of the contract
 * (factor-backup §5.5).
 */
export async function encodeManifest({ format, savedAt, salt, files }: Manifest) {
  const ordered = files.map(({ name, size, sha256 }) => ({ name, size, sha256 }))
  const bytes = new TextEncoder().encode(JSON.stringify({ format, savedAt, salt, files: ordered }))
  return { bytes, hash: await hashManifest(bytes) }
}

export async function hashManifest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await webCrypto().digest('SHA-256', bytes)))
}

export function newManifestSalt(): string {
  return toBase64(globalThis.crypto.getRandomValues(new Uint8Array(16)))
}

/**
 * Read what a device of this backup wrote. It is authenticated; what it says is checked all the same, for devices may
 * have faults too.
 *
 * @throws FactorError `damaged`
 */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const damaged = (detail: string) => new FactorError('damaged', { detail })
  let value: Partial<Manifest> | null
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw damaged('its manifest cannot be read')
  }
  const { format, savedAt, salt, files } = value ?? {}
  if (format !== 1) throw damaged('its manifest has another format; update this program')
  if (typeof savedAt !== 'number' || !Number.isSafeInteger(savedAt) || typeof salt !== 'string') {
    throw damaged('its manifest lacks its time')
  }
  if (!Array.isArray(files) || files.length > mostFiles || !files.every(isFile)) throw damaged('its list of files')
  const fault = faultInNames(files.map(({ name }) => name))
  if (fault !== null) throw damaged(fault)
  return { format, savedAt, salt, files }
}

function isFile(file: Partial<ManifestFile> | null): boolean {
  const { name, size, sha256 } = file ?? {}
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(size) &&
    Number(size) >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  )
}

/** The order of a manifest. */
export function byName(one: { name: string }, other: { name: string }): number {
  if (one.name === other.name) return 0
  return one.name < other.name ? -1 : 1
}
