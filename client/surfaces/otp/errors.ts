import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** Unknown e-mail address or wrong password (otp §3: the server does not say which), or a token that ended. */
export class NotSignedIn extends ClientError {
  constructor(message = 'Unknown e-mail address or wrong account password') {
    super('not-signed-in', message)
  }
}

/** The PIN does not open this device's secrets. */
export class WrongPin extends ClientError {
  constructor() {
    super('wrong-pin', 'The PIN of the device is wrong')
  }
}

/** Too many wrong PINs: even the right one is not tried now (design §6). */
export class PinLocked extends ClientError {
  /** Seconds until the next try; null when the server did not say. */
  readonly retryAfter: number | null

  constructor(retryAfter: number | null) {
    const minutes = retryAfter === null ? null : Math.ceil(retryAfter / 60)
    const when = minutes === null ? 'later' : `in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
    super('pin-locked', `The device is locked after too many wrong PINs; try again ${when}`)
    this.retryAfter = retryAfter
  }
}

/** No device of this number belongs to the account. */
export class DeviceUnknown extends ClientError {
  constructor() {
    super('device-unknown', 'This account has no such device')
  }
}

/** Why the server said no; `other` for a reason this program does not know. */
export type RefusedReason =
  | 'account-exists'
  | 'registration-closed'
  | 'invalid-parameters'
  | 'unknown-otp'
  | 'too-many'
  | 'other'

/** The server understood and said no. The message is its own, cleaned for display. */
export class Refused extends ClientError {
  readonly reason: RefusedReason

  constructor(reason: RefusedReason, message: string) {
    super('refused', message)
    this.reason = reason
  }
}

/** A file, URI or text that does not hold what it should. Names places and fields, never values: they are secrets. */
export class MalformedOtps extends ClientError {
  constructor(message: string, cause?: unknown) {
    super('malformed-backup', message, cause)
  }
}

export function isNotSignedIn(error: unknown): error is NotSignedIn {
  return isClientError(error, 'not-signed-in')
}

export function isWrongPin(error: unknown): error is WrongPin {
  return isClientError(error, 'wrong-pin')
}

export function isPinLocked(error: unknown): error is PinLocked {
  return isClientError(error, 'pin-locked')
}

export function isDeviceUnknown(error: unknown): error is DeviceUnknown {
  return isClientError(error, 'device-unknown')
}

/** With `reason`, only that refusal. */
export function isRefused(error: unknown, reason?: RefusedReason): error is Refused {
  return isClientError(error, 'refused') && (reason === undefined || (error as Refused).reason === reason)
}

export function isMalformedOtps(error: unknown): error is MalformedOtps {
  return isClientError(error, 'malformed-backup')
}
