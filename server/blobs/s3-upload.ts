import { randomUUID } from 'node:crypto'
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Chunks } from './blob-store.ts'
import { alreadyStored } from './checks.ts'
import { incoming, orAborted, SourceFailure } from './incoming.ts'
import { S3Failure } from './s3-failure.ts'
import type { S3Link } from './s3-link.ts'
import { abortUpload, deleteObject, headObject, putObject, writerMark } from './s3-objects.ts'
import { maxParts, type Part, partSizeFor, partsOf } from './s3-parts.ts'

export type S3Upload = {
  id: string
  key: string
  source: Chunks
  /** Announced bytes, a hint for sizes of buffers and parts. */
  length?: number
  signal?: AbortSignal
  /** The endpoint honours `If-None-Match: *`; otherwise a look before the upload must do. */
  onlyIfNew: boolean
}

type Attempt = S3Upload & {
  link: S3Link
  /** Names this put in the object's metadata. */
  writer: string
  /** Aborts when there is no point in going on: the caller gave up, or a part failed. */
  stop: AbortController
  /** For the requests; aborts some time after `stop`. */
  cut: AbortSignal
}

/**
 * Store a stream: up to one part (8 MiB) in a single request, more as a multipart upload with one part under way
 * while the next fills, so two parts of memory in all.
 *
 * Written on the SDK's commands rather than its `Upload`: that one answers an abort while its requests go on, so
 * parts can land after the upload was aborted, and it cannot tell a lost answer from a failed request.
 *
 * When the caller gives up, a request under way still gets `patience.cleanup` to finish: what a server does with
 * a request that was cut off is anybody's guess, and what it stores after we tidied up would stay.
 *
 * @returns the bytes stored
 * @throws S3Failure, SourceFailure, server.failed when the id is taken
 */
export async function upload(link: S3Link, wanted: S3Upload): Promise<number> {
  if (!wanted.onlyIfNew && (await headObject(link, wanted.key))) throw alreadyStored(wanted.id)

  const [stop, cut] = [new AbortController(), new AbortController()]
  let timer: NodeJS.Timeout | undefined
  stop.signal.addEventListener('abort', () => {
    timer = setTimeout(() => cut.abort(stop.signal.reason), link.patience.cleanup)
  })
  const forward = () => stop.abort(wanted.signal?.reason)
  wanted.signal?.addEventListener('abort', forward, { once: true })
  if (wanted.signal?.aborted) forward()
  const attempt: Attempt = { ...wanted, link, writer: randomUUID(), stop, cut: cut.signal }
  const parts = partsOf(incoming(wanted.source, stop.signal), partSizeFor(wanted.length), wanted.length)
  try {
    const first = await parts.next()
    if (first.done) throw new Error('a stream has at least one part')
    return first.value.last ? await putWhole(attempt, first.value.bytes) : await putInParts(attempt, first.value, parts)
  } finally {
    clearTimeout(timer)
    wanted.signal?.removeEventListener('abort', forward)
    // Ends the source as well when the upload failed before all of it was asked for.
    await parts.return()
  }
}

/** No look afterwards: the endpoint has checked the signed length and SHA-256 of exactly these bytes. */
async function putWhole(attempt: Attempt, bytes: Buffer): Promise<number> {
  const { link, key, writer, stop, cut, onlyIfNew } = attempt
  try {
    await putObject(link, key, bytes, { writer, signal: cut, onlyIfNew })
    requireWanted(stop)
  } catch (error) {
    await settle(attempt, error, bytes.byteLength)
  }
  return bytes.byteLength
}

async function putInParts(attempt: Attempt, first: Part, rest: AsyncIterable<Part>): Promise<number> {
  const { link, key, stop, cut } = attempt
  const uploadId = await createUpload(attempt)
  let size = 0
  const done: CompletedPart[] = []
  let underWay: Promise<void> = Promise.resolve()

  const previousPart = async () => {
    await orAborted(underWay, stop.signal).catch((error) => {
      throw stop.signal.aborted ? new SourceFailure(stop.signal.reason) : error
    })
  }
  const send = async (part: Part) => {
    await previousPart()
    const number = done.length + 1
    if (number > maxParts) throw new S3Failure('UploadPart', 'TooManyParts', undefined, `more than ${maxParts} parts`)
    size += part.bytes.byteLength
    underWay = uploadPart(attempt, uploadId, number, part.bytes).then((finished) => {
      done.push(finished)
    })
    // The source may keep us waiting; it need not when its part cannot be stored.
    underWay.catch((error) => stop.abort(error))
  }

  try {
    await send(first)
    for await (const part of rest) await send(part)
    await previousPart()
  } catch (error) {
    // The request first, then the upload: a part that lands after the abort would be kept, and charged, for ever.
    stop.abort(error)
    await underWay.catch(() => {})
    await giveUp(attempt, uploadId)
    throw error
  }

  try {
    await completeUpload(attempt, uploadId, done)
    // What was signed is each part, not how they were put together; so look.
    const stored = await headObject(link, key, { signal: cut })
    if (stored?.size !== size) throw wrongSize(stored?.size, size)
    requireWanted(stop)
  } catch (error) {
    await settle(attempt, error, size, () => giveUp(attempt, uploadId))
  }
  return size
}

/** The caller may have given up while the last request got its time to finish. */
function requireWanted(stop: AbortController): void {
  if (stop.signal.aborted) throw new SourceFailure(stop.signal.reason)
}

function wrongSize(stored: number | undefined, sent: number): S3Failure {
  const message = `${stored ?? 'no'} bytes stored instead of ${sent}`
  return new S3Failure('CompleteMultipartUpload', 'WrongSize', undefined, message)
}

async function createUpload({ link, key, writer, cut }: Attempt): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: link.bucket,
    Key: key,
    ContentType: 'application/octet-stream',
    Metadata: { [writerMark]: writer },
  })
  const send = (abortSignal: AbortSignal) => link.client.send(command, { abortSignal })
  const { UploadId } = await link.call('CreateMultipartUpload', send, { signal: cut })
  if (!UploadId) throw new S3Failure('CreateMultipartUpload', 'NoUploadId', 200, 'the answer names no upload')
  return UploadId
}

async function uploadPart({ link, key, cut }: Attempt, uploadId: string, number: number, bytes: Buffer) {
  const command = new UploadPartCommand({
    Bucket: link.bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: number,
    Body: bytes,
    ContentLength: bytes.byteLength,
  })
  const send = (abortSignal: AbortSignal) => link.client.send(command, { abortSignal })
  const { ETag } = await link.call('UploadPart', send, { signal: cut, bytes: bytes.byteLength })
  return { PartNumber: number, ETag }
}

async function completeUpload(attempt: Attempt, uploadId: string, parts: CompletedPart[]): Promise<void> {
  const { link, key, cut } = attempt
  const complete = (onlyIfNew: boolean) => {
    const command = new CompleteMultipartUploadCommand({
      Bucket: link.bucket,
      Key: key,
      UploadId: uploadId,
      MultipartUpload: { Parts: parts },
      ...(onlyIfNew && { IfNoneMatch: '*' }),
    })
    const send = (abortSignal: AbortSignal) => link.client.send(command, { abortSignal })
    return link.call('CompleteMultipartUpload', send, { signal: cut })
  }
  try {
    await complete(attempt.onlyIfNew)
  } catch (error) {
    // Some endpoints know the condition on a single put only.
    if (!attempt.onlyIfNew || !(error instanceof S3Failure) || error.status !== 501) throw error
    if (await headObject(link, key, { signal: cut })) throw alreadyStored(attempt.id)
    await complete(false)
  }
}

/**
 * After a request that may have stored the object failed: keep an object that is ours and whole (only its answer
 * was lost), remove one that nobody will ask for, and never touch one that another put wrote.
 *
 * @param tidy  what else to do when there is no object to keep
 * @throws the error, unless the object is stored
 */
async function settle(attempt: Attempt, error: unknown, size: number, tidy = async () => {}): Promise<void> {
  const { link, key, id, writer } = attempt
  const limit = link.patience.cleanup
  const found = surelyNotStored(error) ? null : await headObject(link, key, { limit }).catch(() => null)
  const ours = found?.writer === writer
  if (ours && found.size === size && !(error instanceof SourceFailure)) return
  if (ours) await deleteObject(link, key, { limit }).catch(() => {})
  else await tidy()
  throw found && !ours ? alreadyStored(id) : error
}

/** The endpoint answered and refused, and not because of an object that may be ours (404: our upload is finished). */
function surelyNotStored(error: unknown): boolean {
  const status = error instanceof S3Failure ? error.status : undefined
  return status !== undefined && status >= 400 && status < 500 && ![404, 408, 409, 412].includes(status)
}

/** What an unreachable endpoint keeps is swept later (`sweepPartials`). */
async function giveUp({ link, key }: Attempt, uploadId: string): Promise<void> {
  await abortUpload(link, key, uploadId, { limit: link.patience.cleanup }).catch(() => {})
}
