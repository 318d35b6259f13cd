/**
 * The few operations on edwards25519 (RFC 8032 §5.1) that XEdDSA needs and WebCrypto does not offer: it signs with
 * seeds, not with the scalars X25519 keys are.
 *
 * BigInt arithmetic is not constant-time. It runs where the key lives, once or twice in a device's life, with nobody to
 * measure it from outside; do not use it on a server or in a loop.
 */

export const p = 2n ** 255n - 19n
/** Order of the base point. */
export const order = 2n ** 252n + 27742317777372353535851937790883648493n

/** Extended coordinates (X : Y : Z : T), x = X/Z, y = Y/Z, xy = T/Z. */
type Point = readonly [bigint, bigint, bigint, bigint]

const d = mod(-121665n * invert(121666n))
const baseY = mod(4n * invert(5n))
const baseX = 15112221349535400772501151409588531511454012693041857206046113283949847762202n
const base: Point = [baseX, baseY, 1n, mod(baseX * baseY)]

export function mod(value: bigint, modulus = p): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

/** `scalar` times the base point, as affine x and y. */
export function multiplyBase(scalar: bigint): { x: bigint; y: bigint } {
  let sum: Point = [0n, 1n, 1n, 0n]
  let addend = base
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) sum = add(sum, addend)
    addend = add(addend, addend)
  }
  const inverse = invert(sum[2])
  return { x: mod(sum[0] * inverse), y: mod(sum[1] * inverse) }
}

/** The X25519 coordinate of a point: u = (1 + y) / (1 − y) (RFC 7748 §4.1). */
export function montgomeryU(y: bigint): bigint {
  return mod((1n + y) * invert(mod(1n - y)))
}

export function readLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** 32 bytes. */
export function writeLittleEndian(value: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
}

/** Complete addition law for twisted Edwards curves with a = −1 (RFC 8032 §5.1.4), right for doubling too. */
function add([x1, y1, z1, t1]: Point, [x2, y2, z2, t2]: Point): Point {
  const a = mod((y1 - x1) * (y2 - x2))
  const b = mod((y1 + x1) * (y2 + x2))
  const c = mod(2n * d * t1 * t2)
  const e = mod(2n * z1 * z2)
  return [mod((b - a) * (e - c)), mod((e + c) * (b + a)), mod((e - c) * (e + c)), mod((b - a) * (b + a))]
}

function invert(value: bigint): bigint {
  return power(value, p - 2n)
}

function power(value: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = mod(value)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = mod(result * square)
    square = mod(square * square)
  }
  return result
}
