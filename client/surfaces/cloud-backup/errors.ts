import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** Another device saved meanwhile: 409 with a user-scoped token, 412 with a device-scoped one (design §6). */
export class VersionConflict extends ClientError {
  /** The version the server holds now; null when it did not say. */
  readonly current: number | null

  constructor(current: number | null) {
    super('version-conflict', 'Another device has saved a backup meanwhile')
    this.current = current
  }
}

/** Another upload to the same slot has not ended yet; the stored version did not change. */
export class UploadInProgress extends ClientError {
  constructor() {
    super('upload-in-progress', 'Another device is saving a backup right now')
  }
}

/** Two backups of different people, or of one person before and after a new identity: merging would destroy one. */
export class IdentityMismatch extends ClientError {
  constructor() {
    super('identity-mismatch', 'The stored backup holds another identity key pair; nothing was uploaded')
  }
}

/** The server does not know this device for this user and would have fallen back to the user's own slot. */
export class DeviceUnknown extends ClientError {
  constructor() {
    super('device-unknown', 'This device is not registered for this user any more')
  }
}

export class NotSignedIn extends ClientError {
  constructor() {
    super('not-signed-in', 'Sign in first')
  }
}

/**
 * An identity backup, as JSON or as opened bytes, that does not have the promised shape. Names fields, never values.
 */
export class MalformedBackup extends ClientError {
  constructor(message: string) {
    super('malformed-backup', message)
  }
}

export function isVersionConflict(error: unknown): error is VersionConflict {
  return isClientError(error, 'version-conflict')
}

export function isUploadInProgress(error: unknown): error is UploadInProgress {
  return isClientError(error, 'upload-in-progress')
}

export function isIdentityMismatch(error: unknown): error is IdentityMismatch {
  return isClientError(error, 'identity-mismatch')
}

export function isMalformedBackup(error: unknown): error is MalformedBackup {
  return isClientError(error, 'malformed-backup')
}
