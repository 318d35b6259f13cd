import { createPublicKey, ECDH, type KeyObject } from 'node:crypto'

/** The curves of factors (§1) and of backup-account keys (§4.12), in OpenSSL's and in JWK's words. */
const curves = { 'P-256': 'prime256v1', secp256k1: 'secp256k1' } as const

export type Curve = keyof typeof curves

/**
 * A SEC1 point as a key that verifies. Whether it lies on the curve is checked here, by OpenSSL.
 *
 * @returns null for anything that is no point of the curve
 */
export function ecPublicKey(curve: Curve, point: Uint8Array): KeyObject | null {
  const uncompressed = convertPoint(curve, point, 'uncompressed')
  if (!uncompressed) return null
  const x = uncompressed.subarray(1, 33).toString('base64url')
  const y = uncompressed.subarray(33).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv: curve, x, y }, format: 'jwk' })
}

/** The same point in another SEC1 form; null for anything that is no point of the curve. */
export function convertPoint(curve: Curve, point: Uint8Array, form: 'compressed' | 'uncompressed'): Buffer | null {
  try {
    return ECDH.convertKey(point, curves[curve], undefined, undefined, form) as Buffer
  } catch {
    return null
  }
}
