import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { OtpActor } from '#server/people/otp-session.ts'

/** Devices and OTPs in one answer: all that a person can have, twice; circles through the types end here. */
export const mostListed = 50_000

/** Who asks, and what one answer may still hold; handed to every resolver. */
export type Visit = {
  ctx: Context
  /** Null without a token that is good. */
  actor: OtpActor | null
  address: string
  userAgent: string | null
  /** Rows listed so far. */
  listed: number
}

/** @throws auth.failed */
export function requireActor({ actor }: Visit): OtpActor {
  if (!actor) throw new Problem('auth.failed')
  return actor
}

/** Count rows into the answer. @throws input.invalid when there are too many */
export function listing<T>(visit: Visit, list: () => T[]): T[] {
  if (visit.listed > mostListed) throw new Problem('input.invalid', { message: 'The answer is too large.' })
  const rows = list()
  visit.listed += rows.length
  return rows
}
