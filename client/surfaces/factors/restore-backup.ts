import type { FactorBackupClient } from './factor-backup-client.ts'
import type { MainFactor } from './main-factor.ts'
import { proveMainFactor } from './prove-to-server.ts'
import type { BackupHistory, BackupMetadata } from './wire.ts'

/** Earlier versions, removed factors and deleted backups of a main factor; Hearthkeep's own. */
export async function readHistory(
  client: FactorBackupClient,
  factor: MainFactor,
  backupId?: string,
): Promise<BackupHistory[]> {
  return client.history(await proveMainFactor(client, factor, 'history'), backupId)
}

/**
 * Bring something back: a deleted backup (nothing named), an earlier version, removed factors. Devices that saw a newer
 * version must then open it with `acceptOlder`.
 */
export async function restoreBackup(
  client: FactorBackupClient,
  factor: MainFactor,
  what: { backupId?: string; version?: number; factorIds?: string[] },
): Promise<BackupMetadata> {
  return client.restore({ ...(await proveMainFactor(client, factor, 'restore')), ...what })
}
