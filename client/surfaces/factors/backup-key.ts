import { webCrypto } from '#client/crypto/web-crypto.ts'

/**
 * What the whole backup is encrypted under: 32 random bytes, or the same locked into a `CryptoKey` that no program can
 * read out again, which is how a browser should keep it. Only the bytes can be wrapped for a new factor.
 */
export type BackupKey = Uint8Array<ArrayBuffer> | CryptoKey

const info = {
  content: 'hearthkeep factor-backup 1 content',
  commitment: 'hearthkeep factor-backup 1 commitment',
}

export function createBackupKey(): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(32))
}

/** The key without its bytes, for IndexedDB; the bytes given are wiped. */
export async function lockBackupKey(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  try {
    return await asHkdfKey(key)
  } finally {
    key.fill(0)
  }
}

/**
 * Key and commitment of one sealing. The commitment stands in the header: it tells another key from damage, and makes
 * it impossible to craft one blob that opens with two keys, which AES-GCM alone would allow.
 *
 * @param salt  32 bytes, random for each sealing
 */
export async function deriveContentKey(
  key: BackupKey,
  salt: Uint8Array<ArrayBuffer>,
  use: 'encrypt' | 'decrypt',
): Promise<{ contentKey: CryptoKey; commitment: Uint8Array<ArrayBuffer> }> {
  const hkdf = await asHkdfKey(key)
  const from = (text: string) => ({ name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(text) })
  const aes = { name: 'AES-GCM', length: 256 }
  const contentKey = await webCrypto().deriveKey(from(info.content), hkdf, aes, false, [use])
  const commitment = await webCrypto().deriveBits(from(info.commitment), hkdf, 256)
  return { contentKey, commitment: new Uint8Array(commitment) }
}

async function asHkdfKey(key: BackupKey): Promise<CryptoKey> {
  if (!(key instanceof Uint8Array)) return key
  if (key.byteLength !== 32) throw new RangeError('A backup key has 32 bytes')
  return webCrypto().importKey('raw', key, 'HKDF', false, ['deriveKey', 'deriveBits'])
}
