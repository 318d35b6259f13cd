import { isClientError } from '#client/errors/client-error.ts'
import { isServerError, ServerError } from '#client/transport/errors.ts'
import { readServerError } from '#client/transport/read-server-error.ts'
import { Reply } from '#client/transport/reply.ts'

const largestFailure = 64 * 1024
/** The body is in memory already. */
const idleMs = 1_000

/**
 * Statuses whose bodies are read here. The rest is the transport's: 401 has no body worth reading (personas §1), 429
 * and 503 may be worth repeating.
 */
export const failureStatuses = Array.from({ length: 200 }, (_, index) => 400 + index).filter(
  (status) => ![401, 429, 503].includes(status),
)

/**
 * A refusal in this protocol's envelope, `{"failure":{"code":[4,9],"message":"…"}}` (personas §1), as the ServerError
 * of all surfaces, with the code as text: `4.9`. Other bodies are read as everywhere.
 */
export async function readFailure(reply: Reply): Promise<ServerError> {
  const { status, headers } = reply
  const text = await reply.text(largestFailure).catch((error) => {
    // The status alone says enough; a broken explanation must not hide it.
    if (isClientError(error)) return ''
    throw error
  })
  const spoken = new Response(inCommonWords(text), { status, headers })
  return readServerError(new Reply(spoken, idleMs), false)
}

/** Says when to come back, which the transport's error for a body it cannot read does not. */
export function wordBusy(error: unknown): unknown {
  if (!isServerError(error) || ![429, 503].includes(error.status)) return error
  const { status, headers, retryAfter } = error
  const when = retryAfter === undefined ? 'later' : `in ${retryAfter} s`
  const reason = status === 429 ? 'Too many tries' : 'The server is busy'
  return new ServerError({ status, headers, retryAfter, message: `${reason}; try again ${when}` })
}

function inCommonWords(text: string): string {
  try {
    const { code, message } = (JSON.parse(text) as { failure: { code: unknown; message: unknown } }).failure
    return JSON.stringify({ message, code: Array.isArray(code) ? code.join('.') : undefined })
  } catch {
    return text
  }
}
