import type { IdleDeadline } from './idle-deadline.ts'

/** Bytes moved so far; `total` is null when the other side did not say. */
export type Progress = { loaded: number; total: number | null }
export type OnProgress = (progress: Progress) => void

/** A body read from somewhere as it is sent; `open` is called once a try. */
export type StreamedBody = { length: number; open(): ReadableStream<Uint8Array<ArrayBuffer>> }

export type Body = string | Uint8Array<ArrayBuffer> | Blob | StreamedBody

const pieceSize = 64 * 1024

/**
 * Browsers cannot stream a fetch body over HTTP/1.1; Node can, and keeps a `Content-Length` set by hand, which the
 * backup slot insists on (cloud-backup §3: 411 without one).
 */
export function canStreamBodies(): boolean {
  return typeof globalThis.process?.versions?.node === 'string' && typeof globalThis.window === 'undefined'
}

export function isStreamed(body: Body): body is StreamedBody {
  return typeof body === 'object' && 'open' in body
}

/** Length in bytes, UTF-8 for strings. */
export function lengthOf(body: Body): number {
  if (typeof body === 'string') return new TextEncoder().encode(body).byteLength
  if (body instanceof Uint8Array) return body.byteLength
  return body instanceof Blob ? body.size : body.length
}

/** A stream of the body that reports each piece as it leaves. */
export function streamWithProgress(body: Exclude<Body, string>, deadline: IdleDeadline, onProgress?: OnProgress) {
  const total = lengthOf(body)
  let loaded = 0
  return openBody(body).pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        controller.enqueue(piece)
        loaded += piece.byteLength
        deadline.touch()
        onProgress?.({ loaded, total })
      },
    }),
  )
}

/** The whole body at once, for platforms that cannot stream it. */
export async function collect(body: Body): Promise<string | Uint8Array<ArrayBuffer> | Blob> {
  return isStreamed(body) ? await new Response(body.open()).blob() : body
}

/** The bytes of a body, from their beginning. */
export function openBody(body: Exclude<Body, string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (isStreamed(body)) return body.open()
  if (body instanceof Blob) return body.stream() as ReadableStream<Uint8Array<ArrayBuffer>>
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      if (sent >= body.byteLength) return controller.close()
      controller.enqueue(body.subarray(sent, sent + pieceSize))
      sent += pieceSize
    },
  })
}
