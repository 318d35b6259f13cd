import { json } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'

/** The envelope that probes share with the factor-backup surface (factor-backup §1.1, §4.1). */
export const operations: Surface = {
  name: 'operations',
  encodeProblem(problem) {
    const code = problem.status >= 500 ? 'internal_server_error' : problem.code.replaceAll('.', '_')
    return json(problem.status, { allowRetry: false, error: { code, message: problem.message } })
  },
}
