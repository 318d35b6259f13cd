import type { BlobStore } from '#server/blobs/blob-store.ts'

/**
 * Remove what an interrupted run has left half written. On a disk the partial file is the lock of its id, and snapshots
 * and restores write under given ids; nobody else writes to this store, so none is of an upload under way. On S3 a
 * new upload does not mind an old one, which is swept when it is a day old.
 */
export async function clearPartials(store: BlobStore): Promise<void> {
  if (store.kind === 'disk') await store.sweepPartials(new Date(8.64e15))
}
