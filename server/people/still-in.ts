import type { Orm } from '#db/client.ts'
import { Problem } from '#server/kit/problem.ts'
import { readAccount, readSession } from './store.ts'

/** Somebody who was let in, and by what: a session of any kind, or the password that the request itself said. */
export type Entrant = { accountId: string } & (
  | { sessionId: string }
  /** The stored hash that the password was held against. */
  | { passwordHash: string }
  /** The keeper at the machine, with the server stopped: no door was passed. */
  | { atTheMachine: true }
)

/**
 * Asked inside the transaction that writes: between the door and this moment a body came in or a password was stretched,
 * which takes minutes if the sender likes, and whoever was shut out meanwhile must not write any more. A token that ran
 * out by itself on the way is none of this.
 *
 * @throws auth.signed_out when the account was shut or is gone, the session was ended, or the password was changed
 */
export function requireStillIn(tx: Orm, entrant: Entrant): void {
  if (!isStillIn(tx, entrant)) throw new Problem('auth.signed_out')
}

function isStillIn(tx: Orm, entrant: Entrant): boolean {
  if ('sessionId' in entrant) {
    const session = readSession(tx, entrant.sessionId)
    return session?.accountId === entrant.accountId && session.disabledAt === null
  }
  if ('atTheMachine' in entrant) return true
  const account = readAccount(tx, entrant.accountId)
  return account?.passwordHash === entrant.passwordHash && account.disabledAt === null
}
