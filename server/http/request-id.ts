import { randomUUID } from 'node:crypto'

const visible = /^[\x21-\x7e]{1,200}$/

/** The request's own `x-request-id` if it is fit for a header and a log, else a new UUID (contract C §1). */
export function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given !== null && visible.test(given) ? given : randomUUID()
}
