import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** Not a private key this log can be used with. */
export class MalformedKey extends ClientError {
  constructor(message: string, cause?: unknown) {
    super('malformed-key', message, cause)
  }
}

/** The sealed operation would be over what a server takes (oplog-sync D15). Nothing was kept. */
export class OperationTooLarge extends ClientError {
  constructor(bytes: number) {
    super('operation-too-large', `An operation of ${bytes} bytes is too large to be sent`)
  }
}

/** What this device keeps of the log cannot be read, or belongs to another key. */
export class DamagedState extends ClientError {
  constructor(message: string, cause?: unknown) {
    super('damaged-state', message, cause)
  }
}

export function isMalformedKey(error: unknown): error is MalformedKey {
  return isClientError(error, 'malformed-key')
}

export function isOperationTooLarge(error: unknown): error is OperationTooLarge {
  return isClientError(error, 'operation-too-large')
}

export function isDamagedState(error: unknown): error is DamagedState {
  return isClientError(error, 'damaged-state')
}
