import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { proveFactor } from './prove-factor.ts'
import type { Upload } from './read-upload.ts'
import { requireStillThere } from './require-still-there.ts'
import { pointBackupAt } from './store.ts'
import type { SyncPayload } from './wire.ts'

/**
 * Replace the sealed backup if its manifest hash is the one the client last saw (factor-backup §4.8). What it replaces
 * becomes history.
 *
 * @param since  when the request came, on `performance.now()`'s scale: of two syncs at once the second is told so
 *   with 423, also when it only gets its turn after the first is done (factor-backup §9, design §6)
 * @returns the backup's id
 * @throws factors.conflicting_lock, factors.manifest_hash_mismatch, factors.backup_not_found, quota.exceeded, store.*,
 *   and as `proveFactor`
 */
export async function syncBackup(ctx: Context, upload: Upload, payload: SyncPayload, since: number): Promise<string> {
  const proven = await proveFactor(ctx, payload, 'SYNC', { kind: 'SYNC' })
  const { key, id } = proven.backup
  const turn = ctx.uploads.endedSince(key, since) ? null : ctx.uploads.take(key)
  if (!turn) throw new Problem('factors.conflicting_lock')
  using _turn = turn

  return ctx.vault.commit(upload.takeBackup(), { kind: 'factors', id: key, accountId: key }, (tx, keep) => {
    const current = requireStillThere(tx, proven)
    if (current.manifestHash !== payload.currentManifestHash) throw new Problem('factors.manifest_hash_mismatch')
    const version = current.version + 1
    const blobId = keep({ version, replaces: current.blobId })
    pointBackupAt(tx, { key, blobId, version, manifestHash: payload.newManifestHash, updatedAt: ctx.clock.now() })
    return id
  })
}
