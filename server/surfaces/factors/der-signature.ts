import type { Curve } from './ec-public-key.ts'

/** Orders of the groups (SEC 2 §2.4.1, FIPS 186-4 D.1.2.3). */
const orders: Record<Curve, bigint> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
}

/** What the longest signature of a 256-bit curve takes. */
export const longestSignature = 72

/**
 * Whether these bytes are an ECDSA signature in strict DER: one SEQUENCE of two shortest-form INTEGERs between 1 and
 * the order of the group, and nothing behind it (X.690 §8.3, §10.1).
 *
 * @returns S, or null
 */
export function readDerS(curve: Curve, der: Uint8Array): bigint | null {
  if (der.length > longestSignature || der[0] !== 0x30 || der[1] !== der.length - 2) return null
  const first = readInteger(der, 2)
  const second = first && readInteger(der, first.end)
  if (!first || !second || second.end !== der.length) return null
  const order = orders[curve]
  return [first.value, second.value].every((value) => value > 0n && value < order) ? second.value : null
}

export function isHighS(curve: Curve, s: bigint): boolean {
  return s > orders[curve] / 2n
}

function readInteger(der: Uint8Array, start: number): { value: bigint; end: number } | null {
  const length = der[start + 1] ?? 0
  const bytes = der.subarray(start + 2, start + 2 + length)
  const [first = 0, next = 0] = bytes
  if (der[start] !== 0x02 || length === 0 || bytes.length !== length) return null
  if (first >= 0x80 || (first === 0 && length > 1 && next < 0x80)) return null
  return { value: BigInt(`0x${Buffer.from(bytes).toString('hex')}`), end: start + 2 + length }
}
