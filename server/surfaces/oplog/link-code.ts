import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { type Entrant, requireStillIn } from '#server/people/still-in.ts'
import { newTypedCode, typedCodeHash } from '#server/people/typed-code.ts'
import { linkKeyIn } from './link-key.ts'
import type { Proven } from './prove-key.ts'
import { claimLinkCode, type LogUser, putLinkCode } from './store.ts'

/** 40 random bits: wrong ones are counted, and it is good for minutes. */
const codeGroups = 2
const codeMinutes = 15

/**
 * Make a code by which whoever has the private key of a log links it to this person: an app can prove that it has the
 * key, and a browser can show who is signed in, but seldom is both the same program.
 *
 * @returns the code, e.g. `7K2M-0QRS`; the one before stops working
 * @throws auth.signed_out
 */
export async function makeLinkCode(ctx: Context, actor: Entrant): Promise<{ code: string; expiresAt: number }> {
  const code = newTypedCode(ctx, codeGroups)
  const expiresAt = ctx.clock.now() + codeMinutes * 60_000
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    putLinkCode(tx, { codeHash: typedCodeHash('log link', code), accountId: actor.accountId, expiresAt })
  })
  return { code, expiresAt }
}

/**
 * Use a code up and link the log to whoever made it, in one transaction. Wrong codes count as guesses, always.
 *
 * @param proven  from `checkProof`: a code alone takes nobody's log
 * @throws log.code_refused for a code that is wrong, used or too old alike; rate.limited; what `linkKey` throws
 */
export function linkKeyByCode(
  ctx: Context,
  { code, proven, name, address }: { code: string; proven: Proven; name: string | null; address: string },
): Promise<LogUser> {
  return ctx.guesses.guard('log link', address, () =>
    ctx.db.write((tx) => {
      const accountId = claimLinkCode(tx, typedCodeHash('log link', code), ctx.clock.now())
      if (accountId === null) throw new Problem('log.code_refused')
      return linkKeyIn(ctx, tx, { accountId }, { proven, name, address })
    }),
  )
}
