import { createPublicKey, verify } from 'node:crypto'

const p = 2n ** 255n - 19n

/**
 * Verify an XEdDSA signature (Signal's XEdDSA §2.3, §2.5; contract C §2): the signer's X25519 public key u is mapped
 * to the Edwards point with y = (u − 1) / (u + 1), whose sign bit is not known, so both are tried.
 *
 * @param identityKey  33 bytes, 0x05 ‖ u, little-endian
 * @param message  the signed pre-key, 33 bytes; its 32 bytes without the prefix are accepted as message too
 * @param signature  64 bytes
 */
export function verifyXeddsa(identityKey: Buffer, message: Buffer, signature: Buffer): boolean {
  const u = littleEndian(identityKey.subarray(1)) & ((1n << 255n) - 1n)
  if (u >= p || u === p - 1n) return false
  const y = mod((u - 1n) * inverse(u + 1n))

  // The top bit of s carries the signer's sign bit in XEdDSA and must be clear in Ed25519.
  const plain = Buffer.from(signature)
  plain[63] = (plain[63] ?? 0) & 0x7f

  for (const sign of [0, 1]) {
    const key = edwardsKey(y, sign)
    for (const text of [message, message.subarray(1)]) if (verify(null, text, key, plain)) return true
  }
  return false
}

function edwardsKey(y: bigint, sign: number) {
  const bytes = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse()
  bytes[31] = (bytes[31] ?? 0) | (sign << 7)
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' })
}

function littleEndian(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
}

function mod(n: bigint): bigint {
  return ((n % p) + p) % p
}

/** By Fermat: n^(p−2) mod p. */
function inverse(n: bigint): bigint {
  let result = 1n
  let base = mod(n)
  for (let exponent = p - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = mod(result * base)
    base = mod(base * base)
  }
  return result
}
