import { empty, json, text } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'
import type { Problem, ProblemCode } from '#server/kit/problem.ts'

/** Where this protocol's words differ from the catalogue's (cloud-backup §1, §3). */
const words: Partial<Record<ProblemCode, string>> = {
  'account.exists': 'Username already exists',
  'auth.registration_closed': 'Registration is closed',
  'auth.signed_out': 'Unauthorized',
  'body.too_small': 'Backup too small',
  'object.damaged': 'Internal server error',
  'store.unavailable': 'Internal server error',
}

/** `{"error":"<text>"}`; 408 has no body and 429 is plain text (cloud-backup §1, §2). */
export const cloudBackup: Surface = {
  name: 'cloud-backup',
  encodeProblem(problem: Problem): Response {
    if (problem.code === 'body.timeout') return empty(408, { Connection: 'close' })
    if (problem.code === 'rate.limited') return text(429, problem.message)
    return json(problem.status, { error: problem.worded ? problem.message : (words[problem.code] ?? problem.message) })
  },
}
