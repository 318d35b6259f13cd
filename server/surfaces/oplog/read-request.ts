import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { readText, requireUtf8 } from '#server/http/fields-body.ts'
import { Problem, type ProblemCode } from '#server/kit/problem.ts'
import { hashUser, type UserHash } from './public-key.ts'
import { SyncRequest } from './wire.ts'

/** A `POST /sync`, checked. */
export type Sync = {
  userHash: UserHash
  /** As sent. */
  clientId: string
  /** -1 when a fetch names none. */
  index: number
  /** Lower-cased client → last index known. */
  status: Map<string, number>
  payload: Payload | null
  cursor: string | null
  /** Milliseconds. */
  wait: number
}

/** `json` is the payload as it stands in the answer's line, and `sha256` is of the payload as `JSON.stringify` has it. */
export type Payload = { json: string; size: number; md5: Buffer; sha256: Buffer }

/** Which error a wrong member is (oplog-sync §2); the first wrong one in this order counts. */
const faults: Record<string, ProblemCode> = {
  user: 'log.user_invalid',
  client_id: 'log.client_id_invalid',
  operation_index: 'log.index_invalid',
  sync_status: 'log.status_invalid',
  payload: 'log.payload_invalid',
  payload_md5: 'log.digest_mismatch',
}

/** Browsers may leave the type away, or call it plain text to be spared the preflight (oplog-sync D12). */
const accepted = /^\s*(?:$|text\/plain\s*(?:;|$)|application\/(?:[\w.+-]+\+)?json\s*(?:;|$))/i

/**
 * What the other members and escapes may add to twice the largest payload. One of a mebibyte fits even if each of its
 * bytes is written as six (`\u0001`), as some encoders do with all that is not ASCII.
 */
const room = 5 * 1024 * 1024

/**
 * @param largest  payload, bytes of UTF-8
 * @throws body.media_type, body.too_large, body.malformed, log.user_invalid, log.client_id_invalid, log.index_invalid,
 *   log.status_invalid, log.payload_invalid, log.digest_mismatch, log.request_invalid
 */
export async function readSync(request: Request, largest: number): Promise<Sync> {
  const type = request.headers.get('content-type') ?? ''
  if (!accepted.test(type)) throw new Problem('body.media_type')
  requireUtf8(type)
  const read = checked(parse(await readText(request, 2 * largest + room)))
  const payload = read.payload ? payloadOf(read.payload, largest, read.payload_md5) : null
  if (payload && (read.operation_index ?? -1) < 0) throw new Problem('log.index_invalid')
  return {
    userHash: hashUser(read.user),
    clientId: read.client_id,
    // JSON knows -0.
    index: (read.operation_index ?? -1) + 0,
    status: statusOf(read.sync_status ?? {}),
    payload,
    cursor: read.cursor || null,
    wait: (read.wait ?? 0) * 1000,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('body.malformed', { message: 'The request body is not valid JSON' })
  }
}

function checked(value: unknown): z.infer<typeof SyncRequest> {
  const read = SyncRequest.safeParse(value)
  if (read.success) return read.data
  throw new Problem(faults[String(read.error.issues[0]?.path[0])] ?? 'log.request_invalid')
}

/** Of two spellings of one client the lower value counts: what is sent twice does no harm, what is missing does. */
function statusOf(given: Record<string, number>): Map<string, number> {
  const status = new Map<string, number>()
  for (const [client, index] of Object.entries(given)) {
    const key = client.toLowerCase()
    status.set(key, Math.min(index + 0, status.get(key) ?? Number.MAX_SAFE_INTEGER))
  }
  return status
}

/** MD5 is a tag; what decides is the SHA-256 of the JSON string, which even tells lone surrogates apart (D19). */
function payloadOf(text: string, largest: number, md5: string | null | undefined): Payload {
  const bytes = Buffer.from(text)
  if (bytes.length > largest) throw new Problem('body.too_large')
  const json = JSON.stringify(text)
  const payload = {
    json: withoutLineEnds(json),
    size: bytes.length,
    md5: createHash('md5').update(bytes).digest(),
    sha256: createHash('sha256').update(json).digest(),
  }
  if (md5 && md5.toLowerCase() !== payload.md5.toString('hex')) throw new Problem('log.digest_mismatch')
  return payload
}

/** JSON lets these stand as they are, but many readers of lines (Node's `readline`, Python's) end a line at them. */
function withoutLineEnds(json: string): string {
  return json.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
