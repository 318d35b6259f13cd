import { isNetworkError, isServerError } from './errors.ts'

/** Kotlin client's numbers (cloud-backup §2): two more tries, `Retry-After` believed up to ten seconds. */
export const maxRetries = 2
const longestWaitMs = 10_000
const waitWithoutAdviceMs = 1_000
const firstReconnectMs = 200

/**
 * How long to wait before the same call may be sent again.
 *
 * 429, and 503 with `Retry-After`, were refused before anything happened, so any method may repeat them. A bare 503 or
 * a broken connection leaves open whether the call took effect; only idempotent calls repeat those.
 *
 * @param attempt  0 for the first try
 * @param random  [0, 1); spreads devices that lost the same server at once
 * @returns milliseconds, or null when the error is final
 */
export function waitBeforeRetry(error: unknown, attempt: number, idempotent: boolean, random: number): number | null {
  if (attempt >= maxRetries) return null
  if (isNetworkError(error)) return idempotent ? firstReconnectMs * 2 ** attempt * (0.5 + random) : null
  if (!isServerError(error)) return null
  const refused = error.status === 429 || (error.status === 503 && error.retryAfter !== undefined)
  if (!refused && !(error.status === 503 && idempotent)) return null
  if (error.retryAfter === undefined) return waitWithoutAdviceMs
  return Math.min(error.retryAfter * 1000, longestWaitMs)
}

/**
 * Seconds from a `Retry-After` header: a number or an HTTP date (RFC 9110 §10.2.3); undefined when absent or
 * unreadable.
 */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d+$/.test(header)) return Number(header)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

/** Methods that may be sent twice by definition (RFC 9110 §9.2.2). */
export function isIdempotent(method: string): boolean {
  return ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'].includes(method)
}

/** @throws the signal's reason when the caller gives up meanwhile */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
