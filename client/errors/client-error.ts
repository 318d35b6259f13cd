/**
 * What every error thrown by the client has in common. Recognised by a brand, never by `instanceof`: a bundler may give
 * a page two copies of this module (design §2).
 */

const brand = Symbol.for('hearthkeep.client-error')

/** What went wrong, in one word a program can switch on. */
export type ClientErrorKind =
  | 'network'
  | 'server'
  | 'protocol'
  | 'weak-password'
  | 'wrong-password-or-damaged'
  | 'malformed-sealed-backup'
  | 'crypto-unavailable'
  | 'malformed-backup'
  | 'version-conflict'
  | 'upload-in-progress'
  | 'identity-mismatch'
  | 'device-unknown'
  | 'not-signed-in'
  | 'wrong-pin'
  | 'pin-locked'
  | 'refused'
  | 'malformed-key'
  | 'operation-too-large'
  | 'damaged-state'
  | 'factor'
  | 'pairing'

/** Messages are meant for people and may be shown or logged: never a password, key or token in them. */
export class ClientError extends Error {
  readonly [brand] = true
  readonly kind: ClientErrorKind

  constructor(kind: ClientErrorKind, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
    this.name = new.target.name
  }
}

/** Any error of this client; with `kind`, one of that kind. */
export function isClientError(error: unknown, kind?: ClientErrorKind): error is ClientError {
  if (typeof error !== 'object' || error === null) return false
  if ((error as Record<symbol, unknown>)[brand] !== true) return false
  return kind === undefined || (error as ClientError).kind === kind
}
