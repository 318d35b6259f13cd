/**
 * An ECDSA signature as WebCrypto gives it, `r ‖ s`, in the DER that the wire wants (X.690 §8.3; factor-backup §1).
 *
 * @param signature  64 bytes for P-256
 */
export function toDer(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = signature.byteLength / 2
  const body = [...derInteger(signature.subarray(0, half)), ...derInteger(signature.subarray(half))]
  return Uint8Array.from([0x30, body.length, ...body])
}

/** Shortest form; a leading zero where the first bit would say "negative". */
function derInteger(bytes: Uint8Array): number[] {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? [0] : [...bytes.subarray(first)]
  if ((digits[0] ?? 0) >= 0x80) digits.unshift(0)
  return [0x02, digits.length, ...digits]
}
