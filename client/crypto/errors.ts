import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** The password may not be used to seal: too short, or not valid text. */
export class WeakPassword extends ClientError {
  constructor(message: string) {
    super('weak-password', message)
  }
}

/**
 * The blob has our format, but does not open. Which of the two it is cannot be told: that is what authentication means.
 */
export class WrongPasswordOrDamaged extends ClientError {
  constructor() {
    super('wrong-password-or-damaged', 'The backup password is wrong, or the backup was damaged or tampered with')
  }
}

/** Not a sealed backup this program can read: cut short, another format, a newer version, or refused parameters. */
export class MalformedSealedBackup extends ClientError {
  constructor(message: string) {
    super('malformed-sealed-backup', message)
  }
}

/** WebCrypto is missing: a page that was not loaded over HTTPS (or from localhost). */
export class CryptoUnavailable extends ClientError {
  constructor() {
    super('crypto-unavailable', 'Encryption needs a secure page: open this server through https:// or localhost')
  }
}

export function isWeakPassword(error: unknown): error is WeakPassword {
  return isClientError(error, 'weak-password')
}

export function isWrongPasswordOrDamaged(error: unknown): error is WrongPasswordOrDamaged {
  return isClientError(error, 'wrong-password-or-damaged')
}

export function isMalformedSealedBackup(error: unknown): error is MalformedSealedBackup {
  return isClientError(error, 'malformed-sealed-backup')
}
