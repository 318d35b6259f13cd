import { MalformedSealedBackup } from '#client/crypto/errors.ts'
import { webCrypto } from '#client/crypto/web-crypto.ts'
import { toHex } from '#client/encoding/hex.ts'
import { type BackupKey, deriveContentKey } from './backup-key.ts'
import { FactorError } from './errors.ts'
import { decodeManifest, hashManifest, type Manifest } from './manifest.ts'
import {
  additionalData,
  type Binding,
  chunkLength,
  chunksIn,
  headerLength,
  nonceOf,
  prefixLength,
  readHeader,
  tagLength,
} from './sealed-format.ts'

export type OpenedFiles = { manifest: Manifest; files: Map<string, Uint8Array<ArrayBuffer>> }

/**
 * The files in what `sealFiles` made. Every byte is checked before anything is given back.
 *
 * @param binding  id and manifest hash as the server's metadata has them
 * @throws MalformedSealedBackup for what is no sealed backup of ours; FactorError `wrong-key`, `damaged` (also: a blob
 *   of another version or another backup)
 */
export async function openFiles(sealed: Uint8Array, key: BackupKey, binding: Binding): Promise<OpenedFiles> {
  const { padding, salt, commitment: said } = readHeader(sealed)
  const { contentKey, commitment } = await deriveContentKey(key, salt, 'decrypt')
  if (toHex(commitment) !== toHex(said)) throw new FactorError('wrong-key')

  const plaintext = await decrypt(sealed, contentKey, additionalData(sealed.subarray(0, headerLength), binding))
  const manifestEnd = prefixLength + new DataView(plaintext.buffer).getUint32(0)
  if (manifestEnd > plaintext.byteLength) throw new FactorError('damaged')
  const manifestBytes = plaintext.slice(prefixLength, manifestEnd)
  if ((await hashManifest(manifestBytes)) !== binding.manifestHash) throw new FactorError('damaged')
  const manifest = decodeManifest(manifestBytes)

  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let at = manifestEnd
  for (const { name, size, sha256 } of manifest.files) {
    const bytes = plaintext.slice(at, at + size)
    const hash = toHex(new Uint8Array(await webCrypto().digest('SHA-256', bytes)))
    if (hash !== sha256) throw new FactorError('damaged', { detail: name })
    files.set(name, bytes)
    at += size
  }
  const rest = plaintext.subarray(at)
  if (rest.some((byte) => byte !== 0) || (padding === 'none' && rest.byteLength > 0)) throw new FactorError('damaged')
  return { manifest, files }
}

async function decrypt(
  sealed: Uint8Array,
  contentKey: CryptoKey,
  aad: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const count = chunksIn(sealed.byteLength)
  const length = sealed.byteLength - headerLength - count * tagLength
  if (length < prefixLength) throw new MalformedSealedBackup('Too short for a sealed backup')
  const plaintext = new Uint8Array(length)
  for (let index = 0; index < count; index += 1) {
    const from = headerLength + index * (chunkLength + tagLength)
    const chunk = new Uint8Array(sealed.slice(from, from + chunkLength + tagLength))
    const algorithm = { name: 'AES-GCM', iv: nonceOf(index, index === count - 1), additionalData: aad }
    const opened = await webCrypto()
      .decrypt(algorithm, contentKey, chunk)
      .catch((cause) => {
        throw new FactorError('damaged', { cause })
      })
    plaintext.set(new Uint8Array(opened), index * chunkLength)
  }
  return plaintext
}
