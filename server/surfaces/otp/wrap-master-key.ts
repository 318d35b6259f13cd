import { Problem } from '#server/kit/problem.ts'
import type { Stretching } from '#server/people/passwords.ts'
import { box, keyFor, unbox } from './secret-box.ts'

/** Twice the original's work and twice its memory: N = 2^15, r = 8, p = 1, 32 MiB. */
export const stretchingNow: Stretching = { logN: 15, r: 8, p: 1 }
/** What rbnacl made of opslimit 2^20 and memlimit 2^24 (otp §5). */
export const stretchingOfOriginal: Stretching = { logN: 14, r: 8, p: 2 }

/** First byte of what is stored: how the inner box was made. */
const version = { original: 0, own: 1 } as const

type Keys = {
  /** Of the server, 32 bytes; not in the database, so that a stolen one cannot be tried PIN by PIN (otp §6.3). */
  serverKey: Buffer
  /** The stretched PIN, 32 bytes. */
  pinKey: Buffer
}

/**
 * Wrap a device's master key under its PIN, and that under the server's key; both keys are derived for this device
 * alone, so a wrapped key moved to another device opens nowhere.
 */
export function wrapMasterKey(
  { serverKey, pinKey }: Keys,
  deviceId: number,
  masterKey: Buffer,
  random: (bytes: number) => Buffer,
): Buffer {
  const inner = box(keyFor(pinKey, `master key of device ${deviceId}`), masterKey, random)
  return wrapAgain(version.own, serverKey, deviceId, inner, random)
}

/** Put the server's key around a master key as the original had wrapped it. */
export function keepOriginalKey(
  serverKey: Buffer,
  deviceId: number,
  simpleBox: Buffer,
  random: (bytes: number) => Buffer,
): Buffer {
  return wrapAgain(version.original, serverKey, deviceId, simpleBox, random)
}

/**
 * A device that another server wrapped (its `secrets.json` was lost) is not said to have a wrong PIN: nobody would find
 * out why, and be locked out on top.
 *
 * @returns 32 bytes, or null for a wrong PIN
 * @throws otp.secret_damaged for another device's or another server's
 */
export function unwrapMasterKey({ serverKey, pinKey }: Keys, deviceId: number, wrapped: Buffer): Buffer | null {
  const kind = wrapped[0]
  const known = kind === version.own || kind === version.original
  const inner = known ? unbox(keyFor(serverKey, outer(kind, deviceId)), wrapped.subarray(1)) : null
  if (inner === null) throw new Problem('otp.secret_damaged', { message: 'This server cannot open the device.' })
  const key = kind === version.original ? pinKey : keyFor(pinKey, `master key of device ${deviceId}`)
  const masterKey = unbox(key, inner)
  return masterKey?.length === 32 ? masterKey : null
}

function wrapAgain(
  kind: number,
  serverKey: Buffer,
  deviceId: number,
  inner: Buffer,
  random: (bytes: number) => Buffer,
): Buffer {
  return Buffer.concat([Buffer.of(kind), box(keyFor(serverKey, outer(kind, deviceId)), inner, random)])
}

function outer(kind: number, deviceId: number): string {
  return `wrapped key ${kind} of device ${deviceId}`
}
