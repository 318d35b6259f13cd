import { json } from '#server/http/answers.ts'
import type { Surface } from '#server/http/endpoint.ts'
import type { Problem, ProblemCode } from '#server/kit/problem.ts'

export const jsonType = { 'Content-Type': 'application/json; charset=utf-8' }

/** What fails before there is an operation to answer: bad JSON, a body over the limit, another method than POST. */
export const otp: Surface = {
  name: 'otp',
  encodeProblem: (problem) => json(problem.status, { errors: [{ message: problem.message }] }, jsonType),
}

/** Our codes in the words of otp §3. */
const words: Partial<Record<ProblemCode, string>> = {
  'account.exists': 'User already exists.',
  'auth.failed': 'Authentication required.',
  'auth.registration_closed': 'Registration is closed on this server.',
  'auth.signed_out': 'Authentication required.',
  'input.invalid': 'Invalid parameters.',
}

/** Fields that say a code in words of their own, full stops and all (otp §3). */
const wordsOfField: Record<string, Partial<Record<ProblemCode, string>>> = {
  addDevice: { 'auth.failed': 'Authentication required', 'auth.signed_out': 'Authentication required' },
  addOtp: { 'otp.device_unknown': 'Missing device.' },
  importOtps: { 'otp.device_unknown': 'Missing device.' },
}

/** @param field  name of the root field, e.g. `addOtp` */
export function wordsFor(problem: Problem, field: string): string {
  return (
    wordsOfField[field]?.[problem.code] ?? (problem.worded ? problem.message : (words[problem.code] ?? problem.message))
  )
}

/** What concerns the whole server and not the operation goes into the HTTP status too, so that clients back off. */
const carried: ReadonlySet<ProblemCode> = new Set([
  'rate.limited',
  'server.busy',
  'server.failed',
  'store.full',
  'store.unavailable',
])

export function isCarried(problem: Problem): boolean {
  return carried.has(problem.code)
}
