import type { Database } from '#db/client.ts'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { quarantineObject, releaseObject } from './quarantine.ts'
import { readBlob } from './store.ts'
import { faultOf } from './verified-read.ts'

type Needs = { db: Database; blobs: BlobStore; clock: Clock; ids: Ids; log: Log }

/**
 * Read a whole object and hold it to its SHA-256; puts it into quarantine, or takes it out again.
 *
 * @returns `gone` when the reaper has taken it
 * @throws store.unavailable
 */
export async function verifyObject(
  ctx: Needs,
  blobId: string,
): Promise<'whole' | 'missing' | 'size' | 'hash' | 'gone'> {
  const row = readBlob(ctx.db.read, blobId)
  if (!row || row.state === 'reaping') return 'gone'
  const fault = await faultOf(await ctx.blobs.open(blobId), row)
  if (!fault) {
    if (row.state === 'quarantined') await releaseObject(ctx, row)
    return 'whole'
  }
  if (['reaping', undefined].includes(readBlob(ctx.db.read, blobId)?.state)) return 'gone'
  await quarantineObject(ctx, row, fault)
  return fault
}
