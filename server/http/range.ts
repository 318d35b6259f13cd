import type { ByteRange } from '#server/blobs/blob-store.ts'

/**
 * The one byte range a client asks for (RFC 9110 §14.1.2). Several ranges, other units and malformed headers count as
 * no range at all, as the RFC allows.
 *
 * @param size  of the whole object, bytes
 */
export function readRange(headers: Headers, size: number): ByteRange | 'unsatisfiable' | null {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.get('range')?.trim() ?? '')
  if (!asked) return null
  const [, first = '', last = ''] = asked
  if (first === '' && last === '') return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}

/** Whether `If-Range`, if given, still names this version; otherwise the whole object is answered. */
export function isFresh(headers: Headers, etag: string): boolean {
  const ifRange = headers.get('if-range')
  return ifRange === null || ifRange === etag
}
