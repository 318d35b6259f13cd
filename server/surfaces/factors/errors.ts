import { empty, json } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'
import type { Problem, ProblemCode } from '#server/kit/problem.ts'

/** How this protocol spells codes that other surfaces have as well (factor-backup §7). */
const spelled: Partial<Record<ProblemCode, string>> = {
  'auth.registration_closed': 'registration_closed',
  'body.media_type': 'unsupported_media_type',
  'body.malformed': 'malformed_json',
  'body.too_large': 'content_too_large',
  'challenge.invalid': 'jwt_error',
  'challenge.used': 'already_used',
  'challenge.wrong_context': 'invalid_challenge_context',
  'challenge.wrong_type': 'unexpected_challenge_type',
  'factors.nothing_to_restore': 'not_found',
  'input.shape': 'invalid_request',
  'rate.limited': 'too_many_requests',
  'webauthn.failed': 'webauthn_error',
  'webauthn.malformed': 'webauthn_invalid_payload',
  'webauthn.prf_results': 'webauthn_prf_results_not_allowed',
}

const words: Partial<Record<ProblemCode, string>> = { not_found: 'Not Found' }

/** `{"allowRetry":false,"error":{"code":"…","message":"…"}}` and nothing else (factor-backup §1.1). */
export const factors: Surface = {
  name: 'factors',
  encodeProblem(problem: Problem): Response {
    if (problem.code === 'body.timeout') return empty(408, { Connection: 'close' })
    // A lost object is this server's fault; 404 would tell a client that it has no backup.
    if (problem.status === 500 || problem.code === 'object.missing')
      return refusal(500, 'internal_server_error', 'Internal server error')
    const code = spelled[problem.code] ?? problem.code.replace(/^factors\./, '').replaceAll('.', '_')
    return refusal(problem.status, code, problem.worded ? problem.message : (words[problem.code] ?? problem.message))
  },
}

function refusal(status: number, code: string, message: string): Response {
  return json(status, { allowRetry: false, error: { code, message } })
}
