/** Uploads and downloads that a test holds in its hands, half done. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { type CloudSlot, preconditionFor, type Reachable, versionIn } from './disaster-client.ts'

export type HalfUpload = {
  /** Send these bytes of the body and wait until they have left. */
  send(bytes: Uint8Array): Promise<void>
  /** The server's answer, once all bytes are sent. @throws when the connection breaks */
  answer: Promise<{ status: number; version: number | null }>
  /** As a phone that loses its network. */
  destroy(): void
}

/** Begin an upload of `length` bytes on a connection of its own. */
export function beginUpload(server: Reachable, slot: CloudSlot, length: number, expected: number): HalfUpload {
  const outgoing = request(`${server.url}/v1/backup`, {
    method: 'POST',
    agent: false,
    headers: {
      Authorization: `Bearer ${slot.token}`,
      'Content-Length': length,
      ...preconditionFor(expected),
    },
  })
  outgoing.setNoDelay(true)
  const answer = once(outgoing, 'response').then(([incoming]: IncomingMessage[]) => {
    incoming?.resume()
    return { status: incoming?.statusCode ?? 0, version: versionIn(incoming?.headers.etag ?? null) }
  })
  // A test that breaks the connection does not wait for the answer.
  answer.catch(() => {})
  let left = length
  return {
    send(bytes) {
      left -= bytes.byteLength
      const last = left <= 0
      return new Promise((resolve, reject) => {
        outgoing.once('error', reject)
        outgoing.write(bytes, (error) => (error ? reject(error) : resolve()))
        if (last) outgoing.end()
      })
    },
    answer,
    destroy: () => outgoing.destroy(),
  }
}

export type HalfDownload = {
  status: number
  version: number | null
  length: number
  /** Read on to the end. @throws when the connection is cut short */
  rest(): Promise<Buffer>
  destroy(): void
}

/** Begin a download on a connection of its own and leave it there: nothing is read until `rest`. */
export async function beginDownload(server: Reachable, slot: CloudSlot): Promise<HalfDownload> {
  const outgoing = request(`${server.url}/v1/backup`, {
    agent: false,
    headers: { Authorization: `Bearer ${slot.token}` },
  })
  outgoing.end()
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return {
    status: incoming.statusCode ?? 0,
    version: versionIn(incoming.headers.etag ?? null),
    length: Number(incoming.headers['content-length']),
    async rest() {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      return Buffer.concat(parts)
    },
    destroy: () => incoming.destroy(),
  }
}
