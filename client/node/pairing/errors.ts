import { ClientError, isClientError } from '#client/errors/client-error.ts'

/**
 * `not-a-code`: what was typed is no pairing code or link. `not-vouched`: something answered whose certificate the code
 * does not vouch for. `unreachable`: it vouched, but none of its addresses can be reached with that certificate.
 */
export type PairingReason = 'not-a-code' | 'not-vouched' | 'unreachable'

export class PairingError extends ClientError {
  readonly reason: PairingReason

  constructor(reason: PairingReason, message: string, cause?: unknown) {
    super('pairing', message, cause)
    this.reason = reason
  }
}

export function isPairingError(error: unknown, reason?: PairingReason): error is PairingError {
  return isClientError(error, 'pairing') && (reason === undefined || (error as PairingError).reason === reason)
}
