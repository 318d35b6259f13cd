import type { Context } from '#server/context.ts'
import { restorableSince } from './prove-restorable.ts'
import { forgetRemoved } from './store.ts'
import { forgetUsedTokens } from './used-tokens.ts'

/** What ran out: used challenges and tokens, and what the grace period is over for. */
export async function forgetFactors(ctx: Context): Promise<void> {
  await ctx.db.write((tx) => {
    forgetUsedTokens(tx, ctx.settled.now())
    forgetRemoved(tx, restorableSince({ clock: ctx.settled, settings: ctx.settings }))
  })
}
