import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { pointSlotAt, readSlot, type SlotActor, type SlotOwner, slotOf } from './store.ts'

/** A version that was replaced and can be brought back until its retention ends. */
export type PastVersion = { version: number; size: number; createdAt: number; supersededAt: number | null }

/** Earlier versions of a slot, newest first. */
export function listSlotHistory(ctx: Context, owner: SlotOwner): PastVersion[] {
  return ctx.vault
    .history({ kind: 'cloud', ...owner })
    .map(({ version, size, createdAt, supersededAt }) => ({ version, size, createdAt, supersededAt }))
}

/** The bytes of an earlier version. @throws not_found, object.missing, object.damaged, store.unavailable */
export async function openPastSlot(ctx: Context, owner: SlotOwner, version: number): Promise<StoredBytes> {
  const row = ctx.vault.history({ kind: 'cloud', ...owner }).find((past) => past.version === version)
  if (row?.accountId !== owner.accountId) throw new Problem('not_found')
  return ctx.vault.open(row.id)
}

/**
 * Make an earlier version the current one again, under a new version number; what it replaces becomes history in turn.
 * An upload under way meanwhile loses the race, as against any other device.
 *
 * @returns the new version
 * @throws not_found when the history does not hold that version (any more), quota.exceeded, auth.signed_out
 */
export function restoreSlot(ctx: Context, actor: SlotActor, version: number): Promise<number> {
  const owner = slotOf(actor)
  return ctx.vault.restore({ kind: 'cloud', ...owner }, version, (tx, keep) => {
    requireStillIn(tx, actor)
    const current = readSlot(tx, owner)
    const next = (current?.version ?? version) + 1
    pointSlotAt(tx, owner, keep({ version: next, replaces: current?.blobId ?? null }), next, ctx.clock.now())
    return next
  })
}
