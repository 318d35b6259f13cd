import { json } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'
import type { ProblemCode } from '#server/kit/problem.ts'

/** How this protocol spells our codes (oplog-sync §2, D23); any other is spelled with underscores. */
const codes: Partial<Record<ProblemCode, string>> = {
  'auth.failed': 'unauthorized',
  'auth.registration_closed': 'registration_closed',
  'auth.signed_out': 'unauthorized',
  'body.encoding': 'unsupported_encoding',
  'body.malformed': 'invalid_json',
  'body.media_type': 'unsupported_media_type',
  'body.too_large': 'payload_too_large',
  'input.invalid': 'invalid_request',
  'input.shape': 'invalid_request',
  'log.client_id_invalid': 'invalid_client_id',
  'log.clients_exhausted': 'quota_exceeded',
  'log.code_refused': 'invalid_code',
  'log.digest_mismatch': 'payload_md5_mismatch',
  'log.index_invalid': 'invalid_operation_index',
  'log.operation_conflict': 'operation_conflict',
  'log.payload_invalid': 'invalid_payload',
  'log.request_invalid': 'invalid_request',
  'log.status_invalid': 'invalid_sync_status',
  'log.streams_exhausted': 'rate_limited',
  'log.user_invalid': 'invalid_user',
  'log.proof_required': 'proof_required',
  'log.proof_failed': 'proof_failed',
  'store.full': 'quota_exceeded',
}

/** `{"error":code,"message":…}`, with whatever else the problem has to say. */
export const oplog: Surface = {
  name: 'oplog',
  encodeProblem(problem) {
    // An operation that is lost is our failure: the log itself was found.
    if (problem.status === 500 || problem.code === 'object.missing')
      return json(500, { error: 'internal_error', message: 'Internal server error' })
    const error = codes[problem.code] ?? problem.code.replaceAll('.', '_')
    // A body of another shape than expected is 422 elsewhere; here everything malformed is 400 (oplog-sync D23).
    const status = problem.status === 422 ? 400 : problem.status
    return json(status, { error, message: problem.message, ...problem.facts })
  },
}
