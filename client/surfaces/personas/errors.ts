import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** Unknown e-mail address or wrong password (personas §1: the server does not say which), or no credentials at all. */
export class NotSignedIn extends ClientError {
  constructor(message = 'Unknown e-mail address or wrong account password') {
    super('not-signed-in', message)
  }
}

/**
 * A zip that is damaged, dangerous to unpack, or not a persona. Names files, never what is in them.
 */
export class MalformedPersona extends ClientError {
  constructor(message: string, cause?: unknown) {
    super('malformed-backup', message, cause)
  }
}

export function isNotSignedIn(error: unknown): error is NotSignedIn {
  return isClientError(error, 'not-signed-in')
}

export function isMalformedPersona(error: unknown): error is MalformedPersona {
  return isClientError(error, 'malformed-backup')
}
