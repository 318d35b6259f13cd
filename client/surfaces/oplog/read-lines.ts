import { ProtocolError } from '#client/transport/errors.ts'
import type { Slot } from './operation-payload.ts'

/** One line of the answer (seeds/004): an operation as the server keeps it. */
export type WireOperation = Slot & { payload: string }

/** A payload may be 1 MiB, and JSON may spell every character in six. */
const longestLine = 8 * 1024 * 1024
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Cut a body into its documents. Every batch holds the lines one piece of the body completed, so that they can be kept
 * together, and is handed out before the next piece is read: a connection that breaks takes only an unfinished line
 * with it. The last line may lack its newline, members we do not know are passed over (oplog-sync D11).
 *
 * @throws ProtocolError for a line that is no operation; whatever reading the body throws
 */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<WireOperation[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest: string[] = []
  let restLength = 0
  for await (const piece of pieces) {
    const text = decode(() => decoder.decode(piece, { stream: true }))
    const end = text.lastIndexOf('\n')
    if (end >= 0) {
      const lines = (rest.join('') + text.slice(0, end)).split('\n')
      rest = []
      restLength = 0
      yield lines.filter((line) => line.trim() !== '').map(readOperation)
    }
    rest.push(text.slice(end + 1))
    restLength += text.length - end - 1
    if (restLength > longestLine) throw new ProtocolError('The server sent a line that is too long')
  }
  const last = rest.join('') + decode(() => decoder.decode())
  if (last.trim() !== '') yield [readOperation(last)]
}

function decode(read: () => string): string {
  try {
    return read()
  } catch {
    throw new ProtocolError('The server sent text that is not UTF-8')
  }
}

function readOperation(line: string): WireOperation {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw unexpected()
  }
  if (typeof value !== 'object' || value === null) throw unexpected()
  const { client_id: clientId, operation_index: index, payload } = value as Record<string, unknown>
  if (typeof clientId !== 'string' || typeof payload !== 'string') throw unexpected()
  const lowerCase = clientId.toLowerCase()
  if (!uuid.test(lowerCase) || !Number.isSafeInteger(index) || (index as number) < 0) throw unexpected()
  return { clientId: lowerCase, index: index as number, payload }
}

function unexpected(): ProtocolError {
  return new ProtocolError('The server sent a line that is not an operation. Is the address right?')
}
