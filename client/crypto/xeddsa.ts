import { mod, montgomeryU, multiplyBase, order, readLittleEndian, writeLittleEndian } from './edwards25519.ts'
import { CryptoUnavailable } from './errors.ts'

export type X25519KeyPair = { publicKey: Uint8Array<ArrayBuffer>; privateKey: Uint8Array<ArrayBuffer> }

/** @param seed  32 random bytes; clamped here (RFC 7748 §5) */
export function x25519KeyPair(seed: Uint8Array): X25519KeyPair {
  const privateKey = clamp(seed)
  const { y } = multiplyBase(readLittleEndian(privateKey))
  return { publicKey: writeLittleEndian(montgomeryU(y)), privateKey }
}

/**
 * Sign with an X25519 private key, as Signal's XEdDSA §3.1 does ("The XEdDSA and VXEdDSA Signature Schemes", revision
 * 1).
 *
 * @param privateKey  32 bytes
 * @param random  64 fresh random bytes
 * @returns 64 bytes, R ‖ s, verifiable as Ed25519 under the Edwards form (sign bit 0) of the public key
 */
export async function signXEdDsa(privateKey: Uint8Array, message: Uint8Array, random: Uint8Array) {
  const k = readLittleEndian(clamp(privateKey))
  const point = multiplyBase(k)
  // The public key as others compute it from u has sign bit 0, so the scalar follows it (calculate_key_pair, §2.3).
  const scalar = mod((point.x & 1n) === 1n ? -k : k, order)
  const publicKey = writeLittleEndian(point.y)

  // hash1 starts with 2^256 − 1 − 1 so that it never collides with the plain hash below (§2.5).
  const prefix = new Uint8Array(32).fill(0xff)
  prefix[0] = 0xfe
  const r = mod(await sha512(prefix, writeLittleEndian(scalar), message, random), order)
  const nonce = multiplyBase(r)
  const encodedNonce = writeLittleEndian(nonce.y | ((nonce.x & 1n) << 255n))
  const h = mod(await sha512(encodedNonce, publicKey, message), order)

  const signature = new Uint8Array(64)
  signature.set(encodedNonce)
  signature.set(writeLittleEndian(mod(r + h * scalar, order)), 32)
  return signature
}

function clamp(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  if (seed.byteLength !== 32) throw new RangeError('An X25519 private key has 32 bytes')
  const key = new Uint8Array(seed)
  const [first, last] = [key[0] ?? 0, key[31] ?? 0]
  key[0] = first & 248
  key[31] = (last & 127) | 64
  return key
}

async function sha512(...parts: Uint8Array[]): Promise<bigint> {
  const subtle = globalThis.crypto?.subtle
  if (subtle === undefined) throw new CryptoUnavailable()
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return readLittleEndian(new Uint8Array(await subtle.digest('SHA-512', whole)))
}
