import { webCrypto } from '#client/crypto/web-crypto.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { toDer } from './ecdsa-der.ts'
import type { Authorization } from './wire.ts'

/**
 * A P-256 key pair that proves a factor (factor-backup §1). Can be kept in IndexedDB as it is: the private key need not
 * be readable, not even by the page that uses it.
 */
export type SigningKey = {
  /** Base64 of the uncompressed point, 65 bytes: how the server knows the factor. */
  publicKey: string
  privateKey: CryptoKey
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }

/** @param extractable  true where the platform keeps no keys and a file must: see `exportSigningKey` */
export async function createSigningKey({ extractable = false } = {}): Promise<SigningKey> {
  const pair = await webCrypto().generateKey(ecdsa, extractable, ['sign', 'verify'])
  const point = new Uint8Array(await webCrypto().exportKey('raw', pair.publicKey))
  return { publicKey: toBase64(point), privateKey: pair.privateKey }
}

/** PKCS#8. @throws DOMException for a key that is not extractable */
export async function exportSigningKey({ privateKey }: SigningKey): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await webCrypto().exportKey('pkcs8', privateKey))
}

/**
 * The pair in a PKCS#8 file.
 *
 * @throws DOMException when it is not a P-256 key
 */
export async function importSigningKey(
  pkcs8: Uint8Array<ArrayBuffer>,
  { extractable = false } = {},
): Promise<SigningKey> {
  const publicKey = await publicKeyOf(pkcs8)
  const privateKey = await webCrypto().importKey('pkcs8', pkcs8, ecdsa, extractable, ['sign'])
  return { publicKey, privateKey }
}

/** Signs the 32 bytes of a challenge, not their text (factor-backup §1). */
export async function signChallenge(key: SigningKey, challenge: string): Promise<string> {
  const bytes = fromBase64(challenge)
  if (bytes === null || bytes.byteLength !== 32) throw new TypeError('A challenge is 32 bytes in base64')
  const signature = await webCrypto().sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, bytes)
  return toBase64(toDer(new Uint8Array(signature)))
}

export async function keypairAuthorization(key: SigningKey, challenge: string): Promise<Authorization> {
  return { kind: 'EC_KEYPAIR', publicKey: key.publicKey, signature: await signChallenge(key, challenge) }
}

/** WebCrypto derives a public key only on its way to a JWK. */
async function publicKeyOf(pkcs8: Uint8Array<ArrayBuffer>): Promise<string> {
  const readable = await webCrypto().importKey('pkcs8', pkcs8, ecdsa, true, ['sign'])
  const { x, y } = await webCrypto().exportKey('jwk', readable)
  const jwk = { kty: 'EC', crv: 'P-256', x, y }
  const key = await webCrypto().importKey('jwk', jwk, ecdsa, true, ['verify'])
  return toBase64(new Uint8Array(await webCrypto().exportKey('raw', key)))
}
