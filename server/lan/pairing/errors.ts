import { json } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'

/** The envelope that the probes use too. */
export const pairing: Surface = {
  name: 'pairing',
  encodeProblem(problem) {
    const code = problem.status >= 500 ? 'internal_server_error' : problem.code.replaceAll('.', '_')
    return json(problem.status, { allowRetry: false, error: { code, message: problem.message } })
  },
}
