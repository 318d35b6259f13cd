import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { type AuditEvent, recordEvent } from '#server/notices/audit.ts'
import { listLinkedAccounts } from './link-store.ts'

type BackupEvent = Omit<AuditEvent, 'accountId'> & { backupKey: string }

/** Write down what happened to a backup, for the backup itself and for everybody who linked it to their account. */
export function recordBackupEvent(ctx: Context, tx: Orm, { backupKey, ...event }: BackupEvent): void {
  for (const accountId of [backupKey, ...listLinkedAccounts(tx, backupKey)])
    recordEvent(ctx, tx, { ...event, accountId })
}
