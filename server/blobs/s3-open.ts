import { Readable } from 'node:stream'
import { GetObjectCommand, type GetObjectCommandOutput } from '@aws-sdk/client-s3'
import type { BlobReader, ByteRange } from './blob-store.ts'
import { outsideObject, spanOf } from './checks.ts'
import { S3Failure, s3Problem } from './s3-failure.ts'
import type { S3Link } from './s3-link.ts'
import { missingObject } from './s3-objects.ts'

/**
 * Start a download. It fails, and never ends quietly, when fewer bytes come than were promised or when none come
 * for `patience.idle`.
 *
 * @returns null when there is no such object
 * @throws S3Failure, server.failed for a range outside the object
 */
export async function openKey(link: S3Link, key: string, range?: ByteRange): Promise<BlobReader | null> {
  const command = new GetObjectCommand({
    Bucket: link.bucket,
    Key: key,
    ...(range && { Range: `bytes=${range.start}-${range.end}` }),
  })
  const send = (abortSignal: AbortSignal) => link.downloads.send(command, { abortSignal })
  const answer = await link.call('GetObject', send).catch((error) => {
    if (range && error instanceof S3Failure && error.status === 416) throw outsideObject(range)
    return missingObject(link, error)
  })
  if (!answer) return null
  const body = answer.Body
  if (!(body instanceof Readable)) throw new S3Failure('GetObject', 'NoBody', 200, 'the answer has no body')
  // The connection may break before anyone reads; the reader is told when it does.
  body.on('error', () => {})
  try {
    const size = wholeSize(answer, range)
    return s3Reader(link, body, size, spanOf(size, range).length)
  } catch (error) {
    body.destroy()
    throw error
  }
}

/** Content-Range names the whole size; an endpoint that ignores ranges would otherwise send other bytes than asked. */
function wholeSize(answer: GetObjectCommandOutput, range: ByteRange | undefined): number {
  const total = range ? Number(/\/(\d+)$/.exec(answer.ContentRange ?? '')?.[1]) : answer.ContentLength
  if (total === undefined || !Number.isSafeInteger(total)) {
    const message = range ? 'the endpoint ignored the range' : 'the answer names no size'
    throw new S3Failure('GetObject', range ? 'NoRange' : 'NoLength', 200, message)
  }
  return total
}

function s3Reader(link: S3Link, body: Readable, size: number, expected: number): BlobReader {
  const stalled = () => body.destroy(new Error(`no bytes arrived for ${link.patience.idle} ms`))
  const iterator = body[Symbol.asyncIterator]()

  /** The clock runs only while we wait for the endpoint, never while our own reader is slow. */
  async function next(): Promise<IteratorResult<Uint8Array>> {
    const timer = setTimeout(stalled, link.patience.idle)
    try {
      return await iterator.next()
    } catch (error) {
      throw new S3Failure(
        'GetObject',
        'Interrupted',
        undefined,
        error instanceof Error ? error.message : 'the download broke off',
      )
    } finally {
      clearTimeout(timer)
    }
  }

  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    let received = 0
    try {
      for (let step = await next(); !step.done; step = await next()) {
        received += step.value.byteLength
        if (received > expected) break
        yield step.value
      }
      if (received !== expected) {
        throw new S3Failure('GetObject', 'WrongSize', undefined, `${received} bytes came instead of ${expected}`)
      }
    } catch (error) {
      throw s3Problem(error)
    } finally {
      body.destroy()
    }
  }

  return {
    size,
    chunks: chunks(),
    close: async () => {
      body.destroy()
    },
  }
}
