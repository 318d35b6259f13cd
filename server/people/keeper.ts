import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { type AccountRow, readAccount } from './store.ts'
import type { WebActor } from './web-session.ts'

/** Who acts for everybody: an admin at the pages, or null for whoever sits at the machine's command line. */
export type Keeper = Pick<WebActor, 'accountId'> | null

/** Enough for a keeper's acts, so that the command line needs no whole server. */
export type KeeperNeeds = Pick<Context, 'clock' | 'ids'>

/**
 * The person that a keeper means to change. Asked again inside the transaction: the keeper may have been made a member,
 * or shut out, since the page was asked for.
 *
 * @throws not_found for a keeper who is none any more, for nobody, and for somebody who is being deleted already
 */
export function findPerson({ clock }: Pick<Context, 'clock'>, tx: Orm, keeper: Keeper, personId: string): AccountRow {
  if (keeper) requireStillKeeper(tx, keeper)
  const person = readAccount(tx, personId)
  const isDoomed = person !== undefined && person.deleteAt !== null && person.deleteAt <= clock.now()
  if (!person || isDoomed) throw new Problem('not_found')
  return person
}

/** As `findPerson`, for what nobody does to themselves here: their own pages are for that. @throws input.invalid */
export function findOther(ctx: Pick<Context, 'clock'>, tx: Orm, keeper: Keeper, personId: string): AccountRow {
  if (keeper?.accountId === personId) throw new Problem('input.invalid')
  return findPerson(ctx, tx, keeper, personId)
}

function requireStillKeeper(tx: Orm, { accountId }: NonNullable<Keeper>): void {
  const account = readAccount(tx, accountId)
  if (account?.role !== 'admin' || account.disabledAt !== null) throw new Problem('not_found')
}
