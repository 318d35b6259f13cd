import { createHmac } from 'node:crypto'
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js'

const nonceBytes = 24
const tagBytes = 16

/**
 * NaCl's secretbox, laid out as the original's SimpleBox has it: 24-byte nonce ‖ 16-byte tag ‖ XSalsa20 text (otp §5).
 *
 * @param key  32 bytes
 * @param random  fresh bytes for the nonce
 */
export function box(key: Uint8Array, text: Uint8Array, random: (bytes: number) => Buffer): Buffer {
  const nonce = random(nonceBytes)
  return Buffer.concat([nonce, xsalsa20poly1305(key, nonce).encrypt(text)])
}

/** @returns null for what this key did not box */
export function unbox(key: Uint8Array, boxed: Uint8Array): Buffer | null {
  if (boxed.length < nonceBytes + tagBytes) return null
  try {
    return Buffer.from(xsalsa20poly1305(key, boxed.subarray(0, nonceBytes)).decrypt(boxed.subarray(nonceBytes)))
  } catch {
    return null
  }
}

/**
 * A key for one use at one place: HKDF-Expand with SHA-256 (RFC 5869 §2.3), whose first step is not needed for keys that
 * are random or stretched already (§3.3). A secretbox has no associated data; a key of its own for each place is what makes a
 * ciphertext that was moved to another row fail to open (otp §6.10).
 *
 * @param place  e.g. `otp 1 of device 2`; part of what the key is
 */
export function keyFor(key: Uint8Array, place: string): Buffer {
  return createHmac('sha256', key).update(`hearthkeep otp v1 ${place}\x01`).digest()
}
