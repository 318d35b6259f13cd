import type { Orm } from '#db/client.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import type { Addressed, Letter } from '#server/notices/templates/letter.ts'
import { readAccount } from './store.ts'

/** A notice that did not go out within three days is of no use any more. */
const lifetime = 3 * 24 * 3_600_000

/** What a notice is about. */
type Told = Addressed & {
  /** Milliseconds. */
  at: number
}

/**
 * Put a notice about somebody's account, in their language, into the transaction that causes it; call `ctx.outbox.kick()` after the commit.
 * Whoever has no address finds the same in their activity log.
 */
export function tellPerson(ctx: Context, tx: Orm, accountId: string, write: (about: Told) => Letter): void {
  const account = readAccount(tx, accountId)
  if (!account?.email) return
  const { email: recipient, language } = account
  const letter = write({ recipient, language, at: ctx.clock.now(), server: publicUrl(ctx) })
  ctx.outbox.queue(tx, { recipient, ...letter }, lifetime)
}
