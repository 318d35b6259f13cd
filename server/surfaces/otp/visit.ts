import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { OtpActor } from '#server/people/otp-session.ts'

/** Bytes in one answer: all that a person can have, twice; circles through the types and aliases end here. */
const mostTold = 32 * 1024 * 1024
/** What an object costs besides its texts: names of fields, braces, and the work. */
const objectCost = 512
/** Rows told in one go; between two of them other requests get their turn. */
const batch = 25

/** Who asks, and what one answer may still hold; handed to every resolver. */
export type Visit = {
  ctx: Context
  /** Null without a token that is good, and once it was signed out. */
  actor: OtpActor | null
  address: string
  userAgent: string | null
  /** Bytes told so far, about. */
  told: number
  /** Lists of one answer take turns, so that fifteen of them hold others up no more than one does. */
  turn: Promise<void>
}

/** @throws auth.failed */
export function requireActor({ actor }: Visit): OtpActor {
  if (!actor) throw new Problem('auth.failed')
  return actor
}

/** Whether the answer became larger than it may be. From then on nothing is added to it, and none of it is sent. */
export function isTooLarge({ told }: Visit): boolean {
  return told > mostTold
}

/** Count an object into the answer. */
export function tell<T>(visit: Visit, object: T): T | null {
  visit.told += objectCost
  return isTooLarge(visit) ? null : object
}

/** Count a text into the answer. */
export function tellText(visit: Visit, text: string | null): string | null {
  visit.told += text?.length ?? 0
  return isTooLarge(visit) ? null : text
}

/** Count rows into the answer. */
export function tellRows<T>(visit: Visit, list: () => T[]): T[] {
  const rows = isTooLarge(visit) ? [] : list()
  visit.told += rows.length * objectCost
  return rows
}

/** Count many rows into the answer, as they are told. @param pages  read one by one, as far as the answer goes */
export async function* tellMany<T>(visit: Visit, pages: Iterable<T[]>): AsyncIterable<T> {
  let sinceBreath = 0
  for (const rows of pages)
    for (const row of rows) {
      visit.told += objectCost
      if (isTooLarge(visit)) return
      yield row
      if (++sinceBreath % batch !== 0) continue
      visit.turn = visit.turn.then(() => breathe())
      await visit.turn
    }
}
