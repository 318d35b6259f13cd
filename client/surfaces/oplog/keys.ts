import { CryptoUnavailable } from '#client/crypto/errors.ts'
import { type OpenOptions, open, type SealOptions, seal } from '#client/crypto/seal.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { MalformedKey } from './errors.ts'

/** What one device works with. No key in it can be exported, so all of it may be kept in IndexedDB as it is. */
export type OplogKeys = {
  /** `user` on the wire: the public key, base64 of its SubjectPublicKeyInfo. A capability: never show or log it. */
  user: string
  encrypt: CryptoKey
  decrypt: CryptoKey
  /** HMAC-SHA-256; known to whoever has the private key, to nobody who has the public one. */
  authenticate: CryptoKey
  /** AES-256-GCM, for what never leaves the device (local-copy.ts). */
  local: CryptoKey
}

const rsa = { name: 'RSA-OAEP', hash: 'SHA-256' }
const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
const aes = { name: 'AES-GCM', length: 256 }

/**
 * A new private key, as PKCS #8: the one secret all devices of a log share.
 *
 * @param bits  3072 unless a device is too slow for it
 */
export async function createPrivateKey(bits: 2048 | 3072 = 3072): Promise<Uint8Array<ArrayBuffer>> {
  const parameters = { ...rsa, modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1) }
  const pair = await webCrypto().generateKey(parameters, true, ['encrypt', 'decrypt'])
  return new Uint8Array(await webCrypto().exportKey('pkcs8', pair.privateKey))
}

/**
 * The keys that follow from a private key, the same on every device.
 *
 * @param pkcs8  RSA of 2048 bits or more
 * @throws MalformedKey, CryptoUnavailable
 */
export async function importKeys(pkcs8: Uint8Array<ArrayBuffer>): Promise<OplogKeys> {
  const subtle = webCrypto()
  try {
    const { n, e, d } = await subtle.exportKey('jwk', await subtle.importKey('pkcs8', pkcs8, rsa, true, ['decrypt']))
    if (fromBase64Url(n).byteLength < 2048 / 8) throw new MalformedKey('The key is shorter than 2048 bits')
    const encrypt = await subtle.importKey('jwk', { kty: 'RSA', n, e }, rsa, true, ['encrypt'])
    const spki = new Uint8Array(await subtle.exportKey('spki', encrypt))
    return {
      user: toBase64(spki),
      encrypt,
      decrypt: await subtle.importKey('pkcs8', pkcs8, rsa, false, ['decrypt']),
      ...(await deriveSymmetric(subtle, fromBase64Url(d), spki)),
    }
  } catch (error) {
    if (error instanceof MalformedKey) throw error
    throw new MalformedKey('This is not an RSA private key in PKCS #8', error)
  }
}

/**
 * The private key under a passphrase, to carry to another device (client/surfaces/cloud-backup/README.md).
 *
 * @throws WeakPassword, CryptoUnavailable
 */
export function sealPrivateKey(pkcs8: Uint8Array<ArrayBuffer>, passphrase: string, options?: SealOptions) {
  return seal(pkcs8, passphrase, options)
}

/** @throws WrongPasswordOrDamaged, MalformedSealedBackup, CryptoUnavailable */
export function openPrivateKey(sealed: Uint8Array, passphrase: string, options?: OpenOptions) {
  return open(sealed, passphrase, options)
}

/** HKDF-SHA-256 of the private exponent; the salt binds the results to the public key. */
async function deriveSymmetric(subtle: SubtleCrypto, exponent: Uint8Array<ArrayBuffer>, spki: BufferSource) {
  // JWK pads the number to the length of the modulus in some implementations and not in others.
  const secret = exponent.slice(exponent.findIndex((byte) => byte !== 0))
  const input = await subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  secret.fill(0)
  exponent.fill(0)
  const salt = await subtle.digest('SHA-256', spki)
  const from = (purpose: string) => {
    const info = new TextEncoder().encode(`hearthkeep oplog 1 ${purpose}`)
    return { name: 'HKDF', hash: 'SHA-256', salt, info }
  }
  return {
    authenticate: await subtle.deriveKey(from('authentication'), input, hmac, false, ['sign', 'verify']),
    local: await subtle.deriveKey(from('local copy'), input, aes, false, ['encrypt', 'decrypt']),
  }
}

function fromBase64Url(text: string | undefined): Uint8Array<ArrayBuffer> {
  const base64 = (text ?? '').replaceAll('-', '+').replaceAll('_', '/')
  const bytes = fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, '='))
  if (bytes === null || bytes.byteLength === 0) throw new MalformedKey('The key has an unreadable number')
  return bytes
}

function webCrypto(): SubtleCrypto {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) throw new CryptoUnavailable()
  return subtle
}
