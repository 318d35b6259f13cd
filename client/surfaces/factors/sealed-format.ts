import { MalformedSealedBackup } from '#client/crypto/errors.ts'
import { bucketFor, type Padding, paddings } from '#client/crypto/padding.ts'
import { fromHex } from '#client/encoding/hex.ts'

/** "HKFB": Hearthkeep factor backup. The whole format is in README.md. */
const magic = [0x48, 0x4b, 0x46, 0x42]
const version = 1

export const headerLength = 72
export const chunkLength = 64 * 1024
export const tagLength = 16
/** Length of the manifest, in front of it. */
export const prefixLength = 4

const at = { version: 4, padding: 5, salt: 8, commitment: 40 }

export type Header = {
  padding: Padding
  salt: Uint8Array<ArrayBuffer>
  commitment: Uint8Array<ArrayBuffer>
}

/** What a sealed backup belongs to. It is in no part of the blob: a blob in the wrong place does not open. */
export type Binding = {
  backupId: string
  /** 64 lower-case hex digits. */
  manifestHash: string
}

export function writeHeader({ padding, salt, commitment }: Header): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerLength)
  bytes.set(magic)
  bytes[at.version] = version
  bytes[at.padding] = paddings[padding]
  bytes.set(salt, at.salt)
  bytes.set(commitment, at.commitment)
  return bytes
}

/** Nothing here is authenticated yet. @throws MalformedSealedBackup */
export function readHeader(sealed: Uint8Array): Header {
  if (sealed.byteLength < headerLength + tagLength + prefixLength) {
    throw new MalformedSealedBackup('Too short for a sealed backup')
  }
  if (magic.some((byte, index) => sealed[index] !== byte)) {
    throw new MalformedSealedBackup('Not a sealed backup of this program; another app may have stored it')
  }
  if (sealed[at.version] !== version) {
    throw new MalformedSealedBackup(`Sealed by another version (format ${sealed[at.version]}); update this program`)
  }
  const padding = (Object.keys(paddings) as Padding[]).find((name) => paddings[name] === sealed[at.padding])
  if (padding === undefined || sealed[6] !== 0 || sealed[7] !== 0) {
    throw new MalformedSealedBackup('Unknown options; update this program')
  }
  return {
    padding,
    salt: new Uint8Array(sealed.slice(at.salt, at.commitment)),
    commitment: new Uint8Array(sealed.slice(at.commitment, headerLength)),
  }
}

/** Additional data of every chunk: header ‖ manifest hash (32 bytes) ‖ backup id (UTF-8). */
export function additionalData(header: Uint8Array, { backupId, manifestHash }: Binding): Uint8Array<ArrayBuffer> {
  const hash = fromHex(manifestHash)
  if (hash === null || hash.byteLength !== 32) throw new TypeError('A manifest hash is 64 lower-case hex digits')
  return Uint8Array.from([...header, ...hash, ...new TextEncoder().encode(backupId)])
}

/** 7 zero bytes ‖ number of the chunk (4 bytes, big-endian) ‖ 1 for the last chunk, else 0. */
export function nonceOf(chunk: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(7, chunk)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/**
 * How long it all becomes.
 *
 * @param content  bytes of prefix, manifest and files
 * @returns bytes to encrypt, padding included, and bytes of the sealed backup
 */
export function lengthsFor(content: number, padding: Padding): { plaintext: number; sealed: number } {
  const bare = headerLength + content + tagLength * Math.ceil(content / chunkLength)
  if (padding === 'none') return { plaintext: content, sealed: bare }
  const sealed = bucketFor(bare)
  return { plaintext: sealed - headerLength - tagLength * chunksIn(sealed), sealed }
}

/** @param sealed  length of a sealed backup */
export function chunksIn(sealed: number): number {
  return Math.ceil((sealed - headerLength) / (chunkLength + tagLength))
}
