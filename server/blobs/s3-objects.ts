/** Single requests about whole objects, shared by the store, its uploads and its probes. */

import { randomUUID } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { S3Failure } from './s3-failure.ts'
import type { CallOptions, S3Link } from './s3-link.ts'

/** Metadata that says which put wrote an object, so that a put with a lost answer knows its own object again. */
export const writerMark = 'hearthkeep-writer'

export type StoredHead = { size: number; writer: string | undefined }

/**
 * @returns null when there is no such object
 * @throws S3Failure, also when the bucket is missing: that must not look like a lost object
 */
export async function headObject(link: S3Link, key: string, options?: CallOptions): Promise<StoredHead | null> {
  try {
    const send = (abortSignal: AbortSignal) =>
      link.client.send(new HeadObjectCommand({ Bucket: link.bucket, Key: key }), { abortSignal })
    const head = await link.call('HeadObject', send, options)
    if (head.ContentLength === undefined) throw new S3Failure('HeadObject', 'NoLength', 200, 'the answer names no size')
    return { size: head.ContentLength, writer: head.Metadata?.[writerMark] }
  } catch (error) {
    return missingObject(link, error, options)
  }
}

/**
 * Tells "no such object" (null) from every other failure, which is thrown on. A 404 alone may also mean that the
 * bucket is gone or that something else answers at the endpoint's address.
 */
export async function missingObject(link: S3Link, error: unknown, options?: CallOptions): Promise<null> {
  if (!(error instanceof S3Failure) || error.status !== 404) throw error
  if (error.code === 'NoSuchKey') return null
  if (error.code === 'NoSuchBucket') throw error
  const send = (abortSignal: AbortSignal) =>
    link.client.send(new HeadBucketCommand({ Bucket: link.bucket }), { abortSignal })
  await link.call('HeadBucket', send, options)
  return null
}

/** One request; the body's SHA-256 and length are signed, so the endpoint refuses a body that changed on the way. */
export async function putObject(
  link: S3Link,
  key: string,
  body: Uint8Array,
  options: { signal?: AbortSignal; writer?: string; onlyIfNew?: boolean } = {},
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: link.bucket,
    Key: key,
    Body: body,
    ContentLength: body.byteLength,
    ContentType: 'application/octet-stream',
    ...(options.writer && { Metadata: { [writerMark]: options.writer } }),
    ...(options.onlyIfNew && { IfNoneMatch: '*' }),
  })
  const send = (abortSignal: AbortSignal) => link.client.send(command, { abortSignal })
  await link.call('PutObject', send, { signal: options.signal, bytes: body.byteLength })
}

/** Idempotent. */
export async function deleteObject(link: S3Link, key: string, options?: CallOptions): Promise<void> {
  const send = (abortSignal: AbortSignal) =>
    link.client.send(new DeleteObjectCommand({ Bucket: link.bucket, Key: key }), { abortSignal })
  await link.call('DeleteObject', send, options).catch((error) => missingObject(link, error, options))
}

/** @returns false when the upload has ended meanwhile */
export async function abortUpload(link: S3Link, key: string, uploadId: string, options?: CallOptions) {
  const command = new AbortMultipartUploadCommand({ Bucket: link.bucket, Key: key, UploadId: uploadId })
  const send = (abortSignal: AbortSignal) => link.client.send(command, { abortSignal })
  try {
    await link.call('AbortMultipartUpload', send, options)
    return true
  } catch (error) {
    return (await missingObject(link, error, options)) !== null
  }
}

/**
 * Whether the endpoint really refuses to overwrite on `If-None-Match: *`; some ignore the header, some refuse to
 * know it. Found out by writing a probe object twice.
 *
 * @throws S3Failure when the endpoint cannot be reached or used at all
 */
export async function learnsOnlyIfNew(link: S3Link): Promise<boolean> {
  const key = probeKey(link)
  const sample = Buffer.from('hearthkeep')
  try {
    await putObject(link, key, sample, { onlyIfNew: true })
    await putObject(link, key, sample, { onlyIfNew: true })
    return false
  } catch (error) {
    if (error instanceof S3Failure && error.status === 412) return true
    if (error instanceof S3Failure && error.unsupported) return false
    throw error
  } finally {
    await deleteObject(link, key, { limit: link.patience.cleanup }).catch(() => {})
  }
}

/** Beside the objects, so that an interrupted probe is never taken for one. */
export function probeKey(link: S3Link): string {
  return `${probePrefix(link)}${randomUUID()}`
}

export function probePrefix(link: S3Link): string {
  return `${link.prefix}probe/`
}
