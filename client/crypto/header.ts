import { MalformedSealedBackup } from './errors.ts'
import { isWithinKdfLimits, type KdfParameters, kdfCeiling } from './kdf.ts'
import { type Padding, paddings } from './padding.ts'

/** "HKSB": Hearthkeep sealed backup. */
const magic = [0x48, 0x4b, 0x53, 0x42]
const version = 1
const argon2idV13 = 1

export const saltLength = 16
export const nonceLength = 12
export const tagLength = 16
export const headerLength = 44

const at = { version: 4, kdf: 5, padding: 6, parallelism: 7, memoryKiB: 8, iterations: 12, salt: 16, nonce: 32 }

export type Header = {
  kdf: KdfParameters
  padding: Padding
  salt: Uint8Array<ArrayBuffer>
  nonce: Uint8Array<ArrayBuffer>
}

/**
 * The 44 bytes in front of the ciphertext, also its additional authenticated data. Layout: surfaces/cloud-
 * backup/README.md.
 */
export function writeHeader(header: Header): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerLength)
  const view = new DataView(bytes.buffer)
  bytes.set(magic)
  bytes[at.version] = version
  bytes[at.kdf] = argon2idV13
  bytes[at.padding] = paddings[header.padding]
  bytes[at.parallelism] = header.kdf.parallelism
  view.setUint32(at.memoryKiB, header.kdf.memoryKiB)
  view.setUint32(at.iterations, header.kdf.iterations)
  bytes.set(header.salt, at.salt)
  bytes.set(header.nonce, at.nonce)
  return bytes
}

/**
 * Read a header whose bytes may come from anybody: nothing here is authenticated yet.
 *
 * @throws MalformedSealedBackup
 */
export function readHeader(sealed: Uint8Array): Header {
  if (sealed.byteLength < headerLength + tagLength) throw new MalformedSealedBackup('Too short for a sealed backup')
  if (magic.some((byte, index) => sealed[index] !== byte)) throw new MalformedSealedBackup('Not a sealed backup')
  const view = new DataView(sealed.buffer, sealed.byteOffset)
  if (sealed[at.version] !== version) {
    throw new MalformedSealedBackup(`Sealed by another version (format ${sealed[at.version]}); update this program`)
  }
  if (sealed[at.kdf] !== argon2idV13) throw new MalformedSealedBackup('Unknown key derivation; update this program')
  const padding = readPadding(view.getUint8(at.padding))
  const kdf = {
    parallelism: view.getUint8(at.parallelism),
    memoryKiB: view.getUint32(at.memoryKiB),
    iterations: view.getUint32(at.iterations),
  }
  if (!isWithinKdfLimits(kdf)) throw refusedParameters(kdf)
  return {
    kdf,
    padding,
    salt: new Uint8Array(sealed.slice(at.salt, at.salt + saltLength)),
    nonce: new Uint8Array(sealed.slice(at.nonce, at.nonce + nonceLength)),
  }
}

function readPadding(value: number): Padding {
  if (value === paddings.none) return 'none'
  if (value === paddings.buckets) return 'buckets'
  throw new MalformedSealedBackup('Unknown padding; update this program')
}

function refusedParameters(kdf: KdfParameters): MalformedSealedBackup {
  const limits = `${kdfCeiling.memoryKiB} KiB, ${kdfCeiling.iterations} passes, ${kdfCeiling.parallelism} lanes`
  return new MalformedSealedBackup(
    `Refused key derivation parameters (${kdf.memoryKiB} KiB, ${kdf.iterations} passes, ${kdf.parallelism} lanes; ` +
      `at most ${limits}): no honest backup asks for these`,
  )
}
