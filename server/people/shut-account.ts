import type { Orm } from '#db/client.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { revokeInvitationsOf } from './invitations.ts'
import { findOther, type Keeper, type KeeperNeeds } from './keeper.ts'
import { requireOtherAdmin } from './require-other-admin.ts'
import { deleteResetCode } from './reset-codes.ts'
import { type AccountRow, type Door, deleteSessionsOf, openDoor, setDoor } from './store.ts'

/**
 * Shut somebody out, in every protocol at once, in a transaction of the caller's: every door asks for `disabledAt`, and
 * what would outlive a new sign-in (sessions, a reset link, invitations of theirs) ends. What they keep stays as it is.
 * Somebody who is about to be deleted stays instead, shut.
 *
 * @returns false when that is so already
 * @throws account.last_admin, not_found, input.invalid for oneself
 */
export function disableAccount(ctx: KeeperNeeds, tx: Orm, keeper: Keeper, personId: string): boolean {
  const person = findOther(ctx, tx, keeper, personId)
  if (person.shutByKeeper && person.deleteAt === null) return false
  requireOtherAdmin(tx, person)
  shut(ctx, tx, keeper, person, { disabledAt: ctx.clock.now(), deleteAt: null, shutByKeeper: true })
  recordEvent(ctx, tx, { event: 'account.disabled', accountId: personId, details: { by: keeper?.accountId ?? null } })
  return true
}

/**
 * Let somebody in again, whoever shut them out; a deletion is called off. Everything is as it was, but sessions have to
 * be opened anew.
 *
 * @returns what it was before; null when it was open
 * @throws not_found, also once the deletion began
 */
export function enableAccount(
  ctx: KeeperNeeds,
  tx: Orm,
  keeper: Keeper,
  personId: string,
): 'disabled' | 'leaving' | null {
  const { disabledAt, deleteAt } = findOther(ctx, tx, keeper, personId)
  if (disabledAt === null) return null
  setDoor(tx, personId, openDoor)
  // One whose password was being verified when the door was shut.
  deleteSessionsOf(tx, personId)
  const event = deleteAt === null ? 'account.enabled' : 'account.kept'
  recordEvent(ctx, tx, { event, accountId: personId, details: { by: keeper?.accountId ?? null } })
  return deleteAt === null ? 'disabled' : 'leaving'
}

/**
 * Shut somebody out and have everything of theirs deleted at the end of the grace period (`keeping/delete-accounts.ts`).
 * Until then a keeper alone can call it off (`enableAccount`).
 *
 * @param deleteAt  milliseconds
 * @throws account.last_admin, not_found, input.invalid for oneself
 */
export function orderDeletion(
  ctx: KeeperNeeds,
  tx: Orm,
  keeper: Keeper,
  { personId, deleteAt }: { personId: string; deleteAt: number },
): void {
  const person = findOther(ctx, tx, keeper, personId)
  requireOtherAdmin(tx, person)
  shut(ctx, tx, keeper, person, { disabledAt: person.disabledAt ?? ctx.clock.now(), deleteAt, shutByKeeper: true })
  recordEvent(ctx, tx, { event: 'account.leaving', accountId: personId, details: { by: keeper?.accountId ?? null } })
}

function shut(ctx: KeeperNeeds, tx: Orm, keeper: Keeper, { id }: AccountRow, door: Door): void {
  setDoor(tx, id, door)
  deleteSessionsOf(tx, id)
  deleteResetCode(tx, id)
  // An admin who is shut out must not come back by an invitation of their own.
  revokeInvitationsOf(ctx, tx, id, keeper?.accountId ?? null)
}
