import { isProblem, type ProblemCode } from '#server/kit/problem.ts'
import { house } from './house.ts'

/** What came of an action, in a shape that crosses to the page. */
export type Outcome<T = null> =
  | { ok: true; value: T }
  | {
      ok: false
      code: ProblemCode
      /** How long to wait, after too many tries. */
      seconds: number | null
      /** What else is known of it, e.g. which variable is wrong. */
      facts?: Record<string, string | number>
    }

/** Run a server action; what use cases throw becomes an answer, anything else `server.failed` and a line in the log. */
export async function outcomeOf<T>(task: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await task() }
  } catch (error) {
    if (isProblem(error)) {
      const { code, headers, facts } = error
      return { ok: false, code, seconds: Number(headers['Retry-After']) || null, facts }
    }
    house().ctx.log.error({ error }, 'an action failed')
    return { ok: false, code: 'server.failed', seconds: null, facts: {} }
  }
}
