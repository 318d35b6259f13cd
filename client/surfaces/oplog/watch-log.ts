import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import { pause } from '#client/transport/retry-policy.ts'
import type { OperationLog } from './operation-log.ts'

export type WatchOptions = {
  /** Ends the watching. */
  signal: AbortSignal
  /** Seconds a request waits for news, at most 60. */
  wait?: number
  /** Called with what stands in the way, and null when it does not any more. */
  onTrouble?: (error: unknown) => void
}

const firstBackOffMs = 500
const longestBackOffMs = 60_000
/** A server that answers at once and has nothing to say is not asked more often than this. */
const shortestEmptyRoundMs = 2_000

/**
 * Keep a log in step until told to stop: what others write arrives at once by long poll, what is appended here, in any
 * process or tab, is sent at once. A server that cannot be reached, or has no room, is tried again and again.
 *
 * @returns when `signal` is aborted
 * @throws what trying again does not mend: ServerError below 500, ProtocolError, what the store throws
 */
export async function watchLog(log: OperationLog, { signal, wait = 25, onTrouble }: WatchOptions): Promise<void> {
  let appended = new AbortController()
  const stopListening = log.onAppend(() => appended.abort())
  let failures = 0
  try {
    while (!signal.aborted) {
      appended = new AbortController()
      const wake = appended.signal
      const started = Date.now()
      try {
        const { sent, received } = await log.sync({ wait, wake, signal })
        if (failures > 0) onTrouble?.(null)
        failures = 0
        const rest = sent + received > 0 ? 0 : shortestEmptyRoundMs - (Date.now() - started)
        if (rest > 0) await pause(rest, AbortSignal.any([signal, wake])).catch(() => {})
      } catch (error) {
        if (signal.aborted) return
        if (!mayPass(error)) throw error
        onTrouble?.(error)
        await pause(backOff(error, failures), signal).catch(() => {})
        failures += 1
      }
    }
  } finally {
    stopListening()
  }
}

function mayPass(error: unknown): boolean {
  return isNetworkError(error) || (isServerError(error) && (error.status >= 500 || [408, 429].includes(error.status)))
}

/** Doubling, spread by chance over half to one and a half of it; never sooner than the server asked for. */
function backOff(error: unknown, failures: number): number {
  const ms = Math.min(firstBackOffMs * 2 ** failures, longestBackOffMs) * (0.5 + Math.random())
  const asked = isServerError(error) ? (error.retryAfter ?? 0) * 1000 : 0
  return Math.max(ms, asked)
}
