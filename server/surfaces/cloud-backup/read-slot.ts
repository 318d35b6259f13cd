import type { ByteRange } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { readSlot, type Slot, type SlotOwner } from './store.ts'

/** The slot as it stands. @throws not_found when nothing was ever stored */
export function findSlot(ctx: Context, owner: SlotOwner): Slot {
  const slot = readSlot(ctx.db.read, owner)
  if (!slot) throw new Problem('not_found')
  return slot
}

/** The slot, after making sure that its object is there. @throws not_found, object.missing, store.unavailable */
export async function statSlot(ctx: Context, owner: SlotOwner): Promise<Slot> {
  const slot = findSlot(ctx, owner)
  await ctx.vault.stat(slot.blobId)
  return slot
}

/** The slot's bytes as they are now; an overwrite meanwhile does not touch what is being read. */
export function openSlot(ctx: Context, slot: Slot, range?: ByteRange): Promise<StoredBytes> {
  return ctx.vault.open(slot.blobId, range)
}
