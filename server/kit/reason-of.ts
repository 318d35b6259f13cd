import { isProblem } from './problem.ts'

/** Why something failed, for keepers and the log: a Problem's own words are for clients, what happened is its cause. */
export function reasonOf(error: unknown): string {
  const told = isProblem(error) && error.cause instanceof Error ? error.cause : error
  return told instanceof Error ? told.message : String(told)
}
