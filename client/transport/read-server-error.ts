import { isClientError } from '#client/errors/client-error.ts'
import { ServerError } from './errors.ts'
import type { Reply } from './reply.ts'
import { readRetryAfter } from './retry-policy.ts'

const largestErrorBody = 64 * 1024
const longestMessage = 300

/**
 * Turn a refusal into a `ServerError`, whichever surface spoke: `{"error":"text"}`, `{"error":{"message","code"}}`,
 * `{"error":"code","message"}`, `{"message","code"}` or plain text. HTML and anything unreadable become a plain
 * sentence with the status.
 */
export async function readServerError(reply: Reply, hiddenRedirect: boolean): Promise<ServerError> {
  const { status } = reply
  const headers = new Headers(reply.headers)
  headers.delete('set-cookie')
  const retryAfter = readRetryAfter(headers.get('retry-after'), Date.now())
  const base = { status, headers, retryAfter }
  if (hiddenRedirect || (status >= 300 && status < 400)) {
    await reply.discard()
    // Following it could hand a password to another server or turn a POST into a GET.
    const target = headers.get('location')
    const where = target ? ` to ${forDisplay(target)}` : ''
    return new ServerError({ ...base, message: `The server redirects${where}; use that address instead` })
  }
  const { message, code } = wordsIn(await readBody(reply), headers.get('content-type') ?? '')
  return new ServerError({ ...base, message: message || `The server answered ${status}`, code })
}

async function readBody(reply: Reply): Promise<string> {
  try {
    return await reply.text(largestErrorBody)
  } catch (error) {
    // The status alone says enough; a broken or endless explanation must not hide it.
    if (isClientError(error)) return ''
    throw error
  }
}

function wordsIn(body: string, contentType: string): { message: string; code?: string } {
  if (contentType.includes('html')) return { message: '' }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { message: forDisplay(body) }
  }
  const outer = fieldsOf(value)
  const inner = fieldsOf(outer.error)
  if (typeof outer.error === 'string' && typeof outer.message === 'string') {
    return { message: forDisplay(outer.message), code: forDisplay(outer.error) }
  }
  const message = [outer.error, inner.message, outer.message].find((text) => typeof text === 'string') ?? ''
  const code = [inner.code, outer.code].find((text) => typeof text === 'string')
  return { message: forDisplay(message), code: code && forDisplay(code) }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** One short line without control characters: a server must not be able to repaint the user's terminal. */
export function forDisplay(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}
