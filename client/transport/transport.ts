import { NetworkError } from './errors.ts'
import { startIdleDeadline } from './idle-deadline.ts'
import { readServerError } from './read-server-error.ts'
import { Reply } from './reply.ts'
import { isIdempotent, pause, waitBeforeRetry } from './retry-policy.ts'
import {
  type Body,
  canStreamBodies,
  collect,
  isStreamed,
  lengthOf,
  type OnProgress,
  streamWithProgress,
} from './upload-body.ts'
import { uploadByXhr } from './upload-by-xhr.ts'

export type TransportOptions = {
  /** `https://host[:port][/prefix]`; the empty string means the origin of the page. No user name or password in it. */
  baseUrl: string
  /** Milliseconds without any progress before a call is given up. */
  idleMs?: number
  fetch?: typeof globalThis.fetch
  /** Cookies go along only when asked: wire calls carry their own authorisation. */
  credentials?: RequestCredentials
  /** Waits between tries; tests replace it. */
  pause?: typeof pause
}

export type Call = {
  method: string
  /** Starts with `/`. */
  path: string
  headers?: Record<string, string>
  bearer?: string
  body?: Body
  /** Sent as `application/json`; instead of `body`. */
  json?: unknown
  /** Statuses outside 2xx that are answers, not errors, to this caller. */
  accept?: number[]
  /** Whether the call may be sent again after its answer was lost; by default what the method says. */
  idempotent?: boolean
  /** Milliseconds without progress for this call alone: one whose answer is meant to be long in coming. */
  idleMs?: number
  onProgress?: OnProgress
  signal?: AbortSignal
}

/** HTTP calls to one server, from Node or a browser. Holds no session and no cookies of its own. */
export class Transport {
  readonly baseUrl: string
  readonly #options: TransportOptions
  readonly #idleMs: number

  /** @throws TypeError when the address is not an http(s) address, or carries a password, query or fragment */
  constructor(options: TransportOptions) {
    this.baseUrl = readBaseUrl(options.baseUrl)
    this.#options = options
    this.#idleMs = options.idleMs ?? 30_000
  }

  /**
   * Send a call, again where that is safe and may help (see `waitBeforeRetry`).
   *
   * @returns a 2xx answer, or one whose status is in `call.accept`
   * @throws ServerError, NetworkError; the reason of `call.signal` when the caller aborts
   */
  async send(call: Call): Promise<Reply> {
    const idempotent = call.idempotent ?? isIdempotent(call.method)
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#sendOnce(call)
      } catch (error) {
        const wait = waitBeforeRetry(error, attempt, idempotent, Math.random())
        if (wait === null) throw error
        await this.pause(wait, call.signal)
      }
    }
  }

  /** Wait before trying again, for callers that repeat what `send` cannot: an answer that was cut. */
  pause(ms: number, signal?: AbortSignal): Promise<void> {
    return (this.#options.pause ?? pause)(ms, signal)
  }

  async #sendOnce(call: Call): Promise<Reply> {
    const response = await this.#exchange(call)
    const reply = new Reply(response, call.idleMs ?? this.#idleMs, call.signal)
    if ((reply.status >= 200 && reply.status < 300) || call.accept?.includes(reply.status)) return reply
    throw await readServerError(reply, response.type === 'opaqueredirect')
  }

  async #exchange(call: Call): Promise<Response> {
    const body = call.json === undefined ? call.body : JSON.stringify(call.json)
    const headers = new Headers(call.headers)
    if (call.bearer !== undefined) headers.set('authorization', `Bearer ${call.bearer}`)
    if (call.json !== undefined) headers.set('content-type', 'application/json')

    const deadline = startIdleDeadline(call.idleMs ?? this.#idleMs, body === undefined ? 0 : lengthOf(body))
    const signal = call.signal ? AbortSignal.any([call.signal, deadline.signal]) : deadline.signal
    const url = this.baseUrl + call.path
    const credentials = this.#options.credentials ?? 'omit'
    const init = { method: call.method, headers, signal, credentials, redirect: 'manual', cache: 'no-store' } as const
    const send = this.#options.fetch ?? globalThis.fetch
    try {
      if (body === undefined) return await send(url, init)
      const watched = call.onProgress !== undefined || isStreamed(body)
      if (typeof body !== 'string' && watched && canStreamBodies()) {
        headers.set('content-length', String(lengthOf(body)))
        const stream = streamWithProgress(body, deadline, call.onProgress)
        return await send(url, { ...init, body: stream, duplex: 'half' } as RequestInit)
      }
      const whole = await collect(body)
      if (call.onProgress !== undefined && typeof XMLHttpRequest !== 'undefined') {
        const onProgress: OnProgress = (progress) => {
          deadline.touch()
          call.onProgress?.(progress)
        }
        const withCredentials = credentials === 'include'
        return await uploadByXhr({
          url,
          method: call.method,
          headers,
          body: whole,
          withCredentials,
          signal,
          onProgress,
        })
      }
      return await send(url, { ...init, body: whole })
    } catch (error) {
      if (call.signal?.aborted) throw call.signal.reason
      throw unreachable(this.baseUrl, error, deadline.signal.aborted)
    } finally {
      deadline.stop()
    }
  }
}

function readBaseUrl(address: string): string {
  if (address === '') return globalThis.location?.origin ?? ''
  const url = URL.parse(address)
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new TypeError('Not an http:// or https:// address')
  // Such a password would turn up in error messages and logs.
  if (url.username !== '' || url.password !== '')
    throw new TypeError('The address must not contain a user name or password')
  if (url.search !== '' || url.hash !== '') throw new TypeError('The address must not contain a query or fragment')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

function unreachable(baseUrl: string, error: unknown, timedOut: boolean): NetworkError {
  const code = timedOut ? 'timeout' : codeOf(error)
  return new NetworkError(`Cannot reach ${baseUrl || 'the server'}${code ? ` (${code})` : ''}`, code, error)
}

/** Node hides the system's code in `cause`, or in one of several causes when a name has several addresses. */
function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] }
  if (typeof code === 'string') return code
  return codeOf(cause) ?? codeOf(errors?.[0])
}
