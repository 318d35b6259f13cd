import { NetworkError, ProtocolError } from './errors.ts'
import { startIdleDeadline } from './idle-deadline.ts'
import type { OnProgress } from './upload-body.ts'

const largestText = 16 * 1024 * 1024

export type ReadOptions = {
  /** A server that sends more is cut off; nobody else decides how much memory this device gives away. */
  maxBytes: number
  onProgress?: OnProgress
}

/** An answer whose body has not been read yet. */
export class Reply {
  readonly status: number
  readonly headers: Headers
  readonly #response: Response
  readonly #idleMs: number
  readonly #signal: AbortSignal | undefined

  /** @param signal  the caller's own, already given to the request: its reason is thrown when it ends the reading */
  constructor(response: Response, idleMs: number, signal?: AbortSignal) {
    this.status = response.status
    this.headers = response.headers
    this.#response = response
    this.#idleMs = idleMs
    this.#signal = signal
  }

  /** The raw body; whoever takes it watches over its length and its silences. */
  get stream(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.#response.body
  }

  /** @throws NetworkError when the connection breaks or falls silent; ProtocolError when the body is over `maxBytes` */
  async bytes(options: ReadOptions): Promise<Uint8Array<ArrayBuffer>> {
    const announced = this.headers.get('content-length')
    // A compressed body announces its compressed length, which is no total for what arrives here.
    const known = announced !== null && this.headers.get('content-encoding') === null
    const total = known ? Number(announced) : null
    if (total !== null && total > options.maxBytes) {
      await this.discard()
      throw tooLarge(options.maxBytes)
    }
    const pieces: Uint8Array<ArrayBuffer>[] = []
    let loaded = 0
    const reader = this.#response.body?.getReader()
    while (reader) {
      const piece = await this.#readPiece(reader)
      if (piece === undefined) break
      loaded += piece.byteLength
      if (loaded > options.maxBytes) {
        await reader.cancel().catch(() => {})
        throw tooLarge(options.maxBytes)
      }
      pieces.push(piece)
      options.onProgress?.({ loaded, total })
    }
    return join(pieces, loaded)
  }

  /**
   * The body as it arrives; leaving the loop early closes the connection.
   *
   * @throws NetworkError when the connection breaks or falls silent
   */
  async *pieces(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = this.#response.body?.getReader()
    if (reader === undefined) return
    try {
      for (let piece = await this.#readPiece(reader); piece !== undefined; piece = await this.#readPiece(reader)) {
        yield piece
      }
    } finally {
      await reader.cancel().catch(() => {})
    }
  }

  async text(maxBytes = largestText): Promise<string> {
    return new TextDecoder().decode(await this.bytes({ maxBytes }))
  }

  /** @throws ProtocolError when the body is not JSON */
  async json(maxBytes = largestText): Promise<unknown> {
    const text = await this.text(maxBytes)
    try {
      return JSON.parse(text)
    } catch {
      throw new ProtocolError('The answer is not JSON. Is this the address of a Hearthkeep server?')
    }
  }

  /** Throws the body away so that the connection can be used again. */
  async discard(): Promise<void> {
    await this.#response.body?.cancel().catch(() => {})
  }

  async #readPiece(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>) {
    const deadline = startIdleDeadline(this.#idleMs)
    const silence = new Promise<never>((_, reject) => {
      deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason))
    })
    try {
      return (await Promise.race([reader.read(), silence])).value
    } catch (error) {
      await reader.cancel().catch(() => {})
      if (this.#signal?.aborted) throw this.#signal.reason
      throw new NetworkError('The connection broke before the answer was complete', null, error)
    } finally {
      deadline.stop()
    }
  }
}

function tooLarge(maxBytes: number): ProtocolError {
  return new ProtocolError(`The answer is larger than ${maxBytes} bytes and was refused`)
}

function join(pieces: Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const [only] = pieces
  if (pieces.length === 1 && only) return only
  const whole = new Uint8Array(length)
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.byteLength
  }
  return whole
}
