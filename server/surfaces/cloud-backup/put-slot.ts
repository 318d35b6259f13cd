import { createHash } from 'node:crypto'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { pointSlotAt, readSlot, type Slot, type SlotActor, type SlotOwner, slotOf } from './store.ts'

export type Upload = {
  /** Announced, bytes. */
  length: number
  chunks: Chunks
  /** Digest the client promised, hex. */
  sha256: string | null
  signal: AbortSignal
}

/**
 * Replace the bytes of a backup slot.
 *
 * @param upload  the sealed backup, `slotMinBytes` to `slotMaxBytes`; streamed, never held in memory
 * @param expected  version the client last saw; 0 for "no backup yet"
 * @returns the new version, 1 for the first upload
 * @throws slot.version_conflict (a person's slot), slot.precondition_failed and slot.upload_in_progress (a device's),
 *   auth.signed_out for who was shut out meanwhile, body.too_small, body.too_large, quota.exceeded, store.full,
 *   store.unavailable (cloud-backup §3, design §6)
 */
export async function putSlot(ctx: Context, actor: SlotActor, upload: Upload, expected: number): Promise<number> {
  const owner = slotOf(actor)
  const limits = { min: ctx.settings.values.slotMinBytes, max: ctx.settings.values.slotMaxBytes }
  if (upload.length < limits.min) throw new Problem('body.too_small')
  if (upload.length > limits.max) throw new Problem('body.too_large')

  const current = readSlot(ctx.db.read, owner)
  if (versionOf(current) !== expected) {
    if (current && (await isResend(upload, expected, current))) {
      requireStillIn(ctx.db.read, actor)
      return current.version
    }
    throw conflict(owner, current)
  }

  using _turn = owner.deviceId === null ? null : takeTurn(ctx, owner)
  const quota = ctx.vault.approve(owner.accountId, upload.length, current?.size)
  const staged = await ctx.vault.stage(upload.chunks, quota, { limits, ...upload })
  return await ctx.vault.commit(staged, { kind: 'cloud', id: owner.id, accountId: owner.accountId }, (tx, keep) => {
    requireStillIn(tx, actor)
    const latest = readSlot(tx, owner)
    if (versionOf(latest) !== expected) throw conflict(owner, latest)
    const version = expected + 1
    pointSlotAt(tx, owner, keep({ version, replaces: latest?.blobId ?? null }), version, ctx.clock.now())
    return version
  })
}

export function etag(version: number): string {
  return `"${version}"`
}

function versionOf(slot: Slot | undefined): number {
  return slot?.version ?? 0
}

/** The client never heard that its upload was taken, and sends the same bytes for the same version again. */
async function isResend(upload: Upload, expected: number, current: Slot): Promise<boolean> {
  if (expected < 1 || expected !== current.version - 1 || upload.length !== current.size) return false
  const hash = createHash('sha256')
  for await (const chunk of upload.chunks) hash.update(chunk)
  return hash.digest('hex') === current.sha256
}

function conflict(owner: SlotOwner, current: Slot | undefined): Problem {
  const headers = { ETag: etag(versionOf(current)) }
  return new Problem(owner.deviceId === null ? 'slot.version_conflict' : 'slot.precondition_failed', { headers })
}

/** One upload of a device's slot at a time; the turn ends with the upload, however that ends. */
function takeTurn(ctx: Context, owner: SlotOwner): Disposable {
  const turn = ctx.uploads.take(owner.id)
  if (!turn) throw new Problem('slot.upload_in_progress')
  return turn
}
