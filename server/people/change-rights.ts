import type { Orm } from '#db/client.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { revokeInvitationsOf } from './invitations.ts'
import { findPerson, type Keeper, type KeeperNeeds } from './keeper.ts'
import { requireOtherAdmin } from './require-other-admin.ts'
import { type AccountRow, updateAccount } from './store.ts'

/**
 * Make somebody an admin or a member, in a transaction of the caller's. Pages ask for the role each time, so it counts
 * at once. The open invitations of somebody who is no admin any more end.
 *
 * @throws account.last_admin, not_found
 */
export function changeRole(
  ctx: KeeperNeeds,
  tx: Orm,
  keeper: Keeper,
  { personId, role }: { personId: string; role: AccountRow['role'] },
): void {
  const person = findPerson(ctx, tx, keeper, personId)
  if (person.role === role) return
  requireOtherAdmin(tx, person)
  updateAccount(tx, personId, { role })
  const by = keeper?.accountId ?? null
  if (role === 'member') revokeInvitationsOf(ctx, tx, personId, by)
  recordEvent(ctx, tx, { event: 'account.role_changed', accountId: personId, details: { role, by } })
}

/**
 * How much somebody may keep. Less than they have deletes nothing: they cannot store more until there is room.
 *
 * @param quotaBytes  null = the server's default
 * @throws not_found
 */
export function changeQuota(
  ctx: KeeperNeeds,
  tx: Orm,
  keeper: Keeper,
  { personId, quotaBytes }: { personId: string; quotaBytes: number | null },
): void {
  if (findPerson(ctx, tx, keeper, personId).quotaBytes === quotaBytes) return
  updateAccount(tx, personId, { quotaBytes })
  const details = { bytes: quotaBytes, by: keeper?.accountId ?? null }
  recordEvent(ctx, tx, { event: 'account.quota_changed', accountId: personId, details })
}
