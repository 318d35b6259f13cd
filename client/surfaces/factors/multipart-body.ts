import { type Body, lengthOf, openBody, type StreamedBody } from '#client/transport/upload-body.ts'

/**
 * `multipart/form-data` of a JSON `payload` and the `backup` (factor-backup §4.3), read from its source as it is sent,
 * its length known beforehand.
 *
 */
export function multipartBody(
  payload: unknown,
  backup: Exclude<Body, string>,
): { contentType: string; body: StreamedBody } {
  const random = globalThis.crypto.getRandomValues(new Uint8Array(16))
  const boundary = `hearthkeep-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const head = utf8(
    [
      `--${boundary}`,
      'Content-Disposition: form-data; name="payload"',
      'Content-Type: application/json',
      '',
      JSON.stringify(payload),
      `--${boundary}`,
      'Content-Disposition: form-data; name="backup"; filename="backup"',
      'Content-Type: application/octet-stream',
      '',
      '',
    ].join('\r\n'),
  )
  const tail = utf8(`\r\n--${boundary}--\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      length: head.byteLength + lengthOf(backup) + tail.byteLength,
      open: () => concatenate(head, openBody(backup), tail),
    },
  }
}

function concatenate(
  head: Uint8Array<ArrayBuffer>,
  middle: ReadableStream<Uint8Array<ArrayBuffer>>,
  tail: Uint8Array<ArrayBuffer>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return middle.pipeThrough(
    new TransformStream({
      start: (controller) => controller.enqueue(head),
      transform: (piece, controller) => controller.enqueue(piece),
      flush: (controller) => controller.enqueue(tail),
    }),
  )
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
