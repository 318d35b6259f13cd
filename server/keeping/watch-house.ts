import { statfs } from 'node:fs/promises'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { type AuditEvent, recordEvent } from '#server/notices/audit.ts'
import { readState, writeState } from './keeping-state.ts'

/** Nearly full: less than a twentieth, or 500 MiB, is free; it is over when there is twice as much. */
const freePart = 0.05
const freeBytes = 500 * 1024 * 1024

type Needs = Pick<Context, 'db' | 'clock' | 'ids' | 'config' | 'log'> & { blobs: Pick<BlobStore, 'probe'> }

/** Bytes. */
export type Room = { free: number; total: number }

/**
 * Notice when the storage cannot be reached or the disk is nearly full, and when that is over. A change is an event, of
 * which keepers are told; what they were told last is kept, so that a restart says nothing anew.
 */
export async function watchHouse(ctx: Needs, _signal?: AbortSignal, room?: Room): Promise<void> {
  const startedAt = ctx.clock.now()
  const before = readState(ctx.db.read, 'house.watch')?.details ?? { isReachable: true, isRoomy: true }
  const isReachable = await canReachStore(ctx)
  const { free, total } = room ?? (await roomOf(ctx.config.dataFolder))
  const enough = Math.min(total * freePart, freeBytes) * (before.isRoomy ? 1 : 2)
  const details = { isReachable, isRoomy: free >= enough }
  await ctx.db.write((tx) => {
    const say = (event: AuditEvent['event'], more: Pick<AuditEvent, 'details'> = {}) =>
      recordEvent(ctx, tx, { event, accountId: null, ...more })
    if (before.isReachable !== details.isReachable) say(isReachable ? 'store.reachable' : 'store.unreachable')
    if (before.isRoomy && !details.isRoomy)
      say('disk.nearly_full', { details: { mebibytes: Math.floor(free / 2 ** 20) } })
    if (!before.isRoomy && details.isRoomy) say('disk.roomy')
    writeState(tx, 'house.watch', { startedAt, finishedAt: ctx.clock.now(), outcome: 'ok', details })
  })
}

/** Twice, so that a moment's trouble in the network alarms nobody. */
async function canReachStore({ blobs, log }: Needs): Promise<boolean> {
  const probe = () =>
    blobs.probe().then(
      () => true,
      (error: unknown) => {
        log.error({ error }, 'the storage cannot be reached')
        return false
      },
    )
  return (await probe()) || probe()
}

async function roomOf(folder: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}
