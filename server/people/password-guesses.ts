import type { Context } from '#server/context.ts'
import { isProblem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { isKnownAddress } from './known-places.ts'

/** Whose password is guessed at; `name` counts when nobody has it. */
type Aim = { accountId: string | null; name: string; address: string }

/**
 * Carry out one try at a password (decisions 6 and 15). Twenty wrong ones a quarter of an hour close the door to
 * one place. A hundred a day from wherever close it to every place the person has not signed in from lately; where they
 * have, and for passkeys, nothing changes, so that a stranger cannot lock the owner out. Names nobody has are treated alike.
 *
 * @throws rate.limited with `Retry-After`, seconds; what `attempt` throws
 */
export function guardPassword<T>(ctx: Context, aim: Aim, attempt: () => Promise<T>): Promise<T> {
  if (!ctx.config.rateLimit) return attempt()
  const { accountId, address } = aim
  const subject = accountId ?? aim.name
  const fromAnywhere = () =>
    ctx.guesses.guard(subject, '', attempt, {
      rule: 'anywhere',
      // For nobody too: an answer that took a commit longer would tell who has an account.
      onSpent: () => ctx.db.write((tx) => recordEvent(ctx, tx, { event: 'session.locked', accountId, address })),
    })
  return ctx.guesses.guard(subject, address, isAtHome(ctx, aim) ? attempt : fromAnywhere)
}

/** Let nobody through who has used up their tries, without counting one. @throws rate.limited */
export function checkPasswordGuesses(ctx: Context, aim: Aim): void {
  if (!ctx.config.rateLimit) return
  const subject = aim.accountId ?? aim.name
  ctx.guesses.check(subject, aim.address)
  try {
    ctx.guesses.check(subject, '', 'anywhere')
  } catch (error) {
    if (!isProblem(error) || !isAtHome(ctx, aim)) throw error
  }
}

function isAtHome(ctx: Context, { accountId, address }: Aim): boolean {
  return isKnownAddress(ctx, ctx.db.read, accountId ?? '', address)
}
