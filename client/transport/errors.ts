import { ClientError, isClientError } from '#client/errors/client-error.ts'

/** The server could not be reached, or the connection broke before the answer was complete. */
export class NetworkError extends ClientError {
  /** The platform's code where it gave one (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, …), `timeout`, or null. */
  readonly code: string | null

  constructor(message: string, code: string | null, cause?: unknown) {
    super('network', message, cause)
    this.code = code
  }
}

export type ServerErrorDetails = {
  status: number
  /** The server's own words, cleaned for display. */
  message: string
  /** A machine-readable code, where the surface's envelope carries one. */
  code?: string
  /** Seconds, from `Retry-After`. */
  retryAfter?: number
  headers: Headers
}

/** The server answered, and the answer is a refusal or a failure. */
export class ServerError extends ClientError {
  readonly status: number
  readonly code: string | undefined
  readonly retryAfter: number | undefined
  readonly headers: Headers

  constructor(details: ServerErrorDetails) {
    super('server', details.message)
    this.status = details.status
    this.code = details.code
    this.retryAfter = details.retryAfter
    this.headers = details.headers
  }
}

/** Something answered, but not in the way the contract says: most often the address of some other web site. */
export class ProtocolError extends ClientError {
  constructor(message: string, cause?: unknown) {
    super('protocol', message, cause)
  }
}

export function isNetworkError(error: unknown): error is NetworkError {
  return isClientError(error, 'network')
}

export function isServerError(error: unknown, status?: number): error is ServerError {
  return isClientError(error, 'server') && (status === undefined || (error as ServerError).status === status)
}

export function isProtocolError(error: unknown): error is ProtocolError {
  return isClientError(error, 'protocol')
}
