import { json, text } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'
import type { Problem, ProblemCode } from '#server/kit/problem.ts'

const uncached = { 'Cache-Control': 'no-store' }
export const jsonType = { 'Content-Type': 'application/json; charset=utf-8' }

/** Where this protocol's words or status differ from the catalogue's (personas §2, §3). */
const words: Partial<Record<ProblemCode, string>> = {
  'account.exists': 'Email already registered; Reset password or try another email',
}

/**
 * `{"failure":{"code":[4,9],"message":"…"}}`, where the code is the HTTP status in two parts. 401 is plain text without
 * a media type, a missing persona plain text with one (personas §1, §2).
 */
export const personas: Surface = {
  name: 'personas',
  encodeProblem(problem: Problem): Response {
    if (problem.code === 'auth.failed' || problem.code === 'auth.signed_out') return challenge()
    if (problem.code === 'persona.not_found') return text(410, problem.message, uncached)
    // A lost object is this server's fault; 404 would tell a client that it has no backup.
    const status = problem.code === 'object.missing' ? 500 : problem.status
    const message = problem.worded ? problem.message : (words[problem.code] ?? problem.message)
    return json(status, { failure: { code: codeOf(status), message } }, jsonType)
  },
}

/** 400 → [4], 409 → [4, 9], 413 → [4, 13]. */
function codeOf(status: number): number[] {
  const [kind, detail] = [Math.floor(status / 100), status % 100]
  return detail === 0 ? [kind] : [kind, detail]
}

function challenge(): Response {
  const body = 'Access denied'
  return new Response(new TextEncoder().encode(body), {
    status: 401,
    headers: {
      'WWW-Authenticate': 'Basic realm="Key Backup Service"',
      'Content-Length': String(body.length),
      ...uncached,
    },
  })
}
