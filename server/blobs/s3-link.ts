/** The line to an S3 endpoint: clients, time limits, and errors that are safe to log. */
import { S3Client } from '@aws-sdk/client-s3'
import { orAborted, SourceFailure } from './incoming.ts'
import { failureOf } from './s3-failure.ts'

export type S3Settings = {
  /** e.g. `https://s3.example.org`; Amazon's own for the region when left out. */
  endpoint?: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  /** Put before every key; a slash is added when it lacks one. Letters, digits and `._-/` only. */
  prefix?: string
  /** `https://host/bucket/key` rather than `https://bucket.host/key`; by default for every endpoint but Amazon's. */
  forcePathStyle?: boolean
  patience?: Partial<S3Patience>
}

/** How long to wait for an endpoint, in milliseconds. */
export type S3Patience = {
  /** For a connection. */
  connect: number
  /** For the next sign of life on a connection: a request's bytes being taken, an answer, the next bytes of a download. */
  idle: number
  /** For one request with all its retries, beyond the time its body needs at 32 KiB a second. */
  request: number
  /** For tidying up after a failure. */
  cleanup: number
}

const patienceByDefault: S3Patience = { connect: 2_000, idle: 8_000, request: 12_000, cleanup: 3_000 }
const slowestBytesPerMillisecond = 32.768
const attempts = 3
/** More than the SDK's 50, so that slow downloads do not hold up uploads. */
const maxSockets = 256

export type S3Link = {
  readonly bucket: string
  /** Empty, or ending in a slash. */
  readonly prefix: string
  readonly patience: S3Patience
  /** For everything but downloads: gives a connection up when nothing moves on it. */
  readonly client: S3Client
  /** For downloads, whose connection may rest as long as the reader does; whoever reads watches the clock. */
  readonly downloads: S3Client
  /**
   * Run one request with a limit on its time.
   *
   * @param what  the operation's name, for errors
   * @param run  sends the command with the signal it is given
   * @throws S3Failure; SourceFailure with the reason when `options.signal` aborts
   */
  call<T>(what: string, run: (signal: AbortSignal) => Promise<T>, options?: CallOptions): Promise<T>
}

export type CallOptions = {
  signal?: AbortSignal
  /** Bytes the request carries; a slow line gets the time it needs for them. */
  bytes?: number
  /** Replaces `patience.request`, in milliseconds. */
  limit?: number
}

/** @throws Error for settings that cannot work; never shows the credentials */
export function s3Link(settings: S3Settings): S3Link {
  const patience = { ...patienceByDefault, ...settings.patience }
  const secrets = [settings.secretAccessKey, settings.accessKeyId]
  const agent = { keepAlive: true, maxSockets }
  const handler = {
    connectionTimeout: patience.connect,
    throwOnRequestTimeout: true,
    httpAgent: agent,
    httpsAgent: agent,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  }
  const common = {
    endpoint: endpointOf(settings),
    region: settings.region,
    credentials: { accessKeyId: settings.accessKeyId, secretAccessKey: settings.secretAccessKey },
    forcePathStyle: settings.forcePathStyle ?? settings.endpoint !== undefined,
    maxAttempts: attempts,
    retryMode: 'standard',
    // Many endpoints know neither the SDK's checksum headers nor the chunked encoding they bring along.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // "Expect: 100-continue" costs a new connection each time, and six seconds where the endpoint ignores it.
    expectContinueHeader: false,
  } as const

  async function call<T>(
    what: string,
    run: (signal: AbortSignal) => Promise<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const { signal, bytes = 0, limit = patience.request } = options
    // Not AbortSignal.timeout(): it could not be cancelled, and would cut a download that is still running.
    const stop = new AbortController()
    const timer = setTimeout(
      () => stop.abort(new Error('the time limit passed')),
      limit + bytes / slowestBytesPerMillisecond,
    )
    const forward = () => stop.abort(signal?.reason)
    signal?.addEventListener('abort', forward, { once: true })
    try {
      if (signal?.aborted) forward()
      // The SDK sleeps between attempts without looking at the signal.
      return await orAborted(run(stop.signal), stop.signal)
    } catch (error) {
      if (signal?.aborted) throw new SourceFailure(signal.reason)
      throw failureOf(what, error, secrets)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', forward)
    }
  }

  return {
    bucket: settings.bucket,
    prefix: prefixOf(settings),
    patience,
    client: new S3Client({ ...common, requestHandler: { ...handler, socketTimeout: patience.idle } }),
    downloads: new S3Client({
      ...common,
      requestHandler: { ...handler, requestTimeout: patience.idle, socketTimeout: 0 },
    }),
    call,
  }
}

function endpointOf({ endpoint }: S3Settings): string | undefined {
  if (endpoint === undefined) return undefined
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new Error('the S3 endpoint must be an http or https URL')
  if (url.username || url.password) throw new Error('the S3 endpoint must not hold credentials')
  return url.href
}

function prefixOf({ prefix = '' }: S3Settings): string {
  const bare = prefix.replace(/^\/+|\/+$/g, '')
  if (!/^[\w./-]*$/.test(bare) || bare.split('/').some((part) => part === '.' || part === '..')) {
    throw new Error('the S3 prefix may hold letters, digits and ._-/ only')
  }
  return bare && `${bare}/`
}
