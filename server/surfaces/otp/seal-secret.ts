import { isUtf8 } from 'node:buffer'
import { box, keyFor, unbox } from './secret-box.ts'

/** Where a secret lies; sealed for one place, it opens at no other. */
export type Place = { deviceId: number; otpId: number }

/** First byte of what is stored. */
const version = { original: 0, own: 1 } as const

/**
 * Seal a secret for the row it is kept in: `0x01 ‖ secretbox` under a key of that row's own.
 *
 * @param masterKey  the device's, 32 bytes
 */
export function sealSecret(masterKey: Buffer, place: Place, secret: string, random: (bytes: number) => Buffer): Buffer {
  return Buffer.concat([
    Buffer.of(version.own),
    box(keyFor(masterKey, inWords(place)), Buffer.from(secret, 'utf8'), random),
  ])
}

/** @returns null for what this key did not seal for this place, and for what is no text and would be lost as one */
export function openSecret(masterKey: Buffer, place: Place, sealed: Buffer): string | null {
  const key = isOriginal(sealed) ? masterKey : keyFor(masterKey, inWords(place))
  const known = sealed[0] === version.own || isOriginal(sealed)
  const opened = known ? unbox(key, sealed.subarray(1)) : null
  return opened && isUtf8(opened) ? opened.toString('utf8') : null
}

/** An imported secret as it is kept until its device is opened for the first time: under the master key itself. */
export function keepOriginalSecret(simpleBox: Buffer): Buffer {
  return Buffer.concat([Buffer.of(version.original), simpleBox])
}

export function isOriginal(sealed: Buffer): boolean {
  return sealed[0] === version.original
}

function inWords({ deviceId, otpId }: Place): string {
  return `secret ${otpId} of device ${deviceId}`
}
