import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { type Challenged, proveFactor } from './prove-factor.ts'
import { recordBackupEvent } from './record-event.ts'
import { requireStillThere } from './require-still-there.ts'
import { type Backup, markDeleted } from './store.ts'

/**
 * Delete a backup by one of its sync factors (factor-backup §4.11). A main factor can bring it back within the grace
 * period (design: history of 30 days).
 *
 * @throws as `proveFactor`; factors.backup_not_found when somebody else just did
 */
export async function deleteBackup(ctx: Context, proof: Challenged, address: string): Promise<void> {
  const proven = await proveFactor(ctx, proof, 'SYNC', { kind: 'DELETEBACKUP' })
  await ctx.db.write((tx) => {
    takeOffTheWire(ctx, tx, requireStillThere(tx, proven))
    recordBackupEvent(ctx, tx, { event: 'factors.deleted', backupKey: proven.backup.key, address })
  })
}

/** Inside a transaction: the backup with all its factors and keys is gone for every client; its object is history. */
export function takeOffTheWire(ctx: Context, tx: Orm, backup: Backup): void {
  markDeleted(tx, backup.key, ctx.clock.now())
  if (backup.blobId) ctx.vault.retire(tx, backup.blobId)
}
