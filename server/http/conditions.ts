import { Problem } from '#server/kit/problem.ts'

type Tags = '*' | Array<{ weak: boolean; opaque: string }>

/** What a client demands of the current version before its request is carried out (RFC 9110 §13.1). */
export type Conditions = { ifMatch: Tags | null; ifNoneMatch: Tags | null }

/** @throws input.invalid on a header that is neither `*` nor a list of entity tags: a guess could overwrite something */
export function readConditions(headers: Headers): Conditions {
  return { ifMatch: readTags(headers, 'If-Match'), ifNoneMatch: readTags(headers, 'If-None-Match') }
}

/**
 * `If-Match`, for every method (RFC 9110 §13.1.1: weak tags never match).
 *
 * @param etag  of the current version, null when there is none
 * @throws precondition.failed, with the current `ETag`
 */
export function requireMatch({ ifMatch }: Conditions, etag: string | null): void {
  if (ifMatch !== null && !holds(ifMatch, etag, 'strong')) throw failed(etag)
}

/** Both conditions of a request that changes something. @throws precondition.failed, with the current `ETag` */
export function requireConditions(conditions: Conditions, etag: string | null): void {
  requireMatch(conditions, etag)
  if (conditions.ifNoneMatch !== null && holds(conditions.ifNoneMatch, etag, 'weak')) throw failed(etag)
}

/** Whether a GET's `If-None-Match` names what there is, so that 304 will do. */
export function isUnchanged({ ifNoneMatch }: Conditions, etag: string): boolean {
  return ifNoneMatch !== null && holds(ifNoneMatch, etag, 'weak')
}

function holds(tags: Tags, etag: string | null, comparison: 'strong' | 'weak'): boolean {
  if (etag === null) return false
  if (tags === '*') return true
  return tags.some(({ weak, opaque }) => opaque === etag && !(weak && comparison === 'strong'))
}

function failed(etag: string | null): Problem {
  return new Problem('precondition.failed', etag === null ? {} : { headers: { ETag: etag } })
}

const tag = /^[ \t]*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/

function readTags(headers: Headers, name: string): Tags | null {
  const given = headers.get(name)?.trim()
  if (given === undefined) return null
  if (given === '*') return '*'
  const tags: Array<{ weak: boolean; opaque: string }> = []
  let rest = given
  while (rest !== '') {
    const found = tag.exec(rest)
    if (!found) throw new Problem('input.invalid', { message: `Invalid ${name} header` })
    tags.push({ weak: found[1] !== undefined, opaque: found[2] ?? '' })
    rest = rest.slice(found[0].length)
  }
  return tags
}
