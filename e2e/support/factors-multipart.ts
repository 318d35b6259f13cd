/** multipart/form-data to the byte, as any client may spell it and as none should (factor-backup §4.3). */
import { randomBytes } from 'node:crypto'

export type Part = {
  name: string
  content: string | Uint8Array
  /** Makes it a file part. */
  filename?: string
  type?: string
}

export type Form = { body: Buffer<ArrayBuffer>; type: string; boundary: string }

/** @param more.end  false leaves the closing boundary out */
export function multipart(parts: Part[], more: { boundary?: string; end?: boolean } = {}): Form {
  const boundary = more.boundary ?? `----test${randomBytes(12).toString('hex')}`
  const body = Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n${headersOf(part)}\r\n\r\n`), content(part), newline]),
    Buffer.from(more.end === false ? '' : `--${boundary}--\r\n`),
  ])
  return { body, boundary, type: `multipart/form-data; boundary=${boundary}` }
}

const newline = Buffer.from('\r\n')

function headersOf({ name, filename, type }: Part): string {
  const file = filename === undefined ? '' : `; filename="${filename}"`
  return `Content-Disposition: form-data; name="${name}"${file}${type ? `\r\nContent-Type: ${type}` : ''}`
}

function content(part: Part): Uint8Array {
  return typeof part.content === 'string' ? Buffer.from(part.content) : part.content
}

/** The two parts as the clients of the contract send them. */
export function backupForm(payload: unknown, backup: Uint8Array): Form {
  return multipart([payloadPart(payload), backupPart(backup)])
}

export function payloadPart(payload: unknown): Part {
  return { name: 'payload', content: JSON.stringify(payload), type: 'application/json' }
}

export function backupPart(backup: Uint8Array): Part {
  return { name: 'backup', content: backup, filename: 'backup.bin', type: 'application/octet-stream' }
}

/** Without a length, in pieces. */
export function chunked(body: Uint8Array, pieces = 7): ReadableStream<Uint8Array> {
  const size = Math.max(1, Math.ceil(body.length / pieces))
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= body.length) return controller.close()
      controller.enqueue(body.subarray(at, at + size))
      at += size
    },
  })
}
