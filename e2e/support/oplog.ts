import { createHash, randomUUID } from 'node:crypto'

/** A line of an answer (oplog-sync §1). */
export type Line = { client_id: string; operation_index: number; payload: string }

export type Answer = {
  status: number
  headers: Headers
  text: string
  lines: Line[]
  /** `error` of the envelope, null where there is none. */
  error: string | null
}

/** One request, as a client written from the contract alone would send it. */
export async function sync(
  url: string,
  body: unknown,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return told(
    await fetch(`${url}/sync${query}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

export async function told(answer: Response): Promise<Answer> {
  const text = await answer.text()
  const isLines = answer.headers.get('content-type')?.startsWith('application/x-ndjson') ?? false
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    lines: isLines ? linesIn(text) : [],
    error: !isLines && text.startsWith('{') ? (JSON.parse(text) as { error: string }).error : null,
  }
}

/** @throws unless every document is whole and ends with `\n` */
function linesIn(text: string): Line[] {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('The last line has no end')
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

/** A device of somebody who has `user` as their key. */
export class Device {
  readonly url: () => string
  readonly user: unknown
  readonly id: string = randomUUID()
  next = 0

  constructor(server: { readonly url: string }, user: unknown = freshKey()) {
    this.url = () => server.url
    this.user = user
  }

  /** Another device with the same key. */
  another(): Device {
    return new Device({ url: this.url() }, this.user)
  }

  send(payload: string, more: Record<string, unknown> = {}): Promise<Answer> {
    return sync(this.url(), { ...this.#who(), operation_index: this.next++, payload, sync_status: {}, ...more })
  }

  fetch(status: Record<string, number> = {}, more: Record<string, unknown> = {}): Promise<Answer> {
    return sync(this.url(), { ...this.#who(), sync_status: status, ...more })
  }

  #who() {
    return { user: this.user, client_id: this.id }
  }
}

/** Not a key anybody could decrypt with; the server does not care. */
export function freshKey(): string {
  return createHash('sha512').update(randomUUID()).digest('base64')
}

/** What a line should be. */
export function lineOf(device: Device, operation_index: number, payload: string): Line {
  return { client_id: device.id, operation_index, payload }
}
