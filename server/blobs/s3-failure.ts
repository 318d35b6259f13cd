import { Problem } from '#server/kit/problem.ts'
import { SourceFailure } from './incoming.ts'

/**
 * What went wrong with a request, rewritten from the SDK's error: that one may carry the access key, the string
 * that was signed and the raw response, and must not reach a log.
 */
export class S3Failure extends Error {
  /** S3's or Node's error code, e.g. `NoSuchKey`, `ECONNREFUSED`. */
  readonly code: string
  /** HTTP status, absent when there was no answer. */
  readonly status: number | undefined

  constructor(what: string, code: string, status: number | undefined, message: string) {
    super(`${what}: ${code}${status ? ` (HTTP ${status})` : ''}: ${message}`)
    this.name = 'S3Failure'
    this.code = code
    this.status = status
  }

  /** The endpoint does not know a header that was sent; they say so in many ways. */
  get unsupported(): boolean {
    return this.status === 501 || this.status === 400
  }
}

type SdkError = { name?: unknown; message?: unknown; code?: unknown; $metadata?: { httpStatusCode?: number } }

/** @param secrets  strings that must not appear in the result */
export function failureOf(what: string, error: unknown, secrets: string[]): S3Failure {
  if (error instanceof S3Failure) return error
  const sdk = (typeof error === 'object' && error !== null ? error : { message: String(error) }) as SdkError
  const code = typeof sdk.code === 'string' ? sdk.code : String(sdk.name ?? 'Error')
  const hush = (text: string) => secrets.reduce((left, secret) => (secret ? left.replaceAll(secret, '…') : left), text)
  return new S3Failure(what, hush(code), sdk.$metadata?.httpStatusCode, hush(String(sdk.message ?? '')).slice(0, 300))
}

/** How providers say that a bucket, an account or the disk behind them is full. */
const fullCodes = new Set(['QuotaExceeded', 'InsufficientStorage', 'ENOSPC'])
const fullEndings = /StorageFull$|QuotaExceeded$/

/** What a caller of the store gets to see of any failure: the source's own error, store.full or store.unavailable. */
export function s3Problem(error: unknown): unknown {
  if (error instanceof SourceFailure) return error.reason instanceof S3Failure ? s3Problem(error.reason) : error.reason
  if (error instanceof Problem) return error
  const full =
    error instanceof S3Failure && (error.status === 507 || fullCodes.has(error.code) || fullEndings.test(error.code))
  return new Problem(full ? 'store.full' : 'store.unavailable', { cause: error })
}
