import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'

/** What the load generator sends; the same plain `node:http` for both sides. */
export type Ask = {
  method: 'GET' | 'POST' | 'DELETE'
  headers?: Record<string, string>
  /** Sent whole. */
  body?: Uint8Array
  /** Streamed instead of `body`: `chunk` over and over, `bytes` in all. */
  repeat?: { chunk: Buffer; bytes: number }
}

export type Reply = { status: number; headers: IncomingMessage['headers']; bytes: number; text: string }

/** One keep-alive connection, as one app on one phone holds. */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** @throws when the connection breaks; statuses are the caller's */
  async ask(path: string, { method, headers = {}, body, repeat }: Ask): Promise<Reply> {
    const length = repeat?.bytes ?? body?.length
    const sending = request(`${this.#url}${path}`, {
      method,
      agent: this.#agent,
      headers: { ...(length === undefined ? {} : { 'Content-Length': String(length) }), ...headers },
    })
    const answered = answerTo(sending)
    if (!repeat) sending.end(body)
    // A server that answers before it has read everything breaks the pipe; its answer then says why.
    else pipeline(repeated(repeat.chunk, repeat.bytes), sending).catch(() => {})
    return answered
  }

  /** As `ask`, for calls that only set the stage. @throws on any status that is not 2xx */
  async mustAsk(path: string, ask: Ask): Promise<Reply> {
    const reply = await this.ask(path, ask)
    if (reply.status < 200 || reply.status > 299)
      throw new Error(`${ask.method} ${path} answered ${reply.status}: ${reply.text}`)
    return reply
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** Large answers are counted, not kept. */
const keptBytes = 64 * 1024

function answerTo(sending: ClientRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    sending.once('error', reject)
    sending.once('response', (response: IncomingMessage) => {
      let bytes = 0
      let text = ''
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= keptBytes) text += chunk.toString('latin1')
      })
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text }))
    })
  })
}

function* repeated(chunk: Buffer, bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
