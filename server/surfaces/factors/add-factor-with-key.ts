import type { z } from 'zod'
import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { FactorData } from './factor-data.ts'
import { insertNewFactor } from './insert-new-factor.ts'
import type { Proven } from './prove-factor.ts'
import { exportMetadata } from './read-metadata.ts'
import { recordBackupEvent } from './record-event.ts'
import { requireStillThere } from './require-still-there.ts'
import { insertKey, listKeys, removeKey } from './store.ts'
import type { EncryptionKey, FactorAdded } from './wire.ts'

export type NewMainFactor = {
  data: FactorData
  encryptionKey: EncryptionKey | null
  /** Put the key in place of the one of its kind rather than refuse it. */
  replaceKey?: boolean
  address: string
}

/**
 * Add a checked main factor and the key encrypted for it, in one transaction (factor-backup §4.7).
 *
 * @throws factors.factor_already_exists, factors.too_many_factors, factors.only_one_encryption_key_per_type_allowed,
 *   factors.backup_not_found, factors.unauthorized_factor
 */
export function addFactorWithKey(
  ctx: Context,
  proven: Proven,
  { data, encryptionKey, replaceKey = false, address }: NewMainFactor,
): Promise<z.infer<typeof FactorAdded>> {
  return ctx.db.write((tx) => {
    const backup = requireStillThere(tx, proven)
    const factorId = insertNewFactor(ctx, tx, { backupKey: backup.key, scope: 'MAIN', data })
    if (encryptionKey) putKey(ctx, tx, { backupKey: backup.key, encryptionKey, replaceKey })
    recordBackupEvent(ctx, tx, {
      event: 'factors.factor_added',
      backupKey: backup.key,
      address,
      details: { scope: 'MAIN', factor: data.kind },
    })
    return { factorId, backupMetadata: exportMetadata(tx, backup) }
  })
}

type PutKey = { backupKey: string; encryptionKey: EncryptionKey; replaceKey: boolean }

function putKey(ctx: Context, tx: Orm, { backupKey, encryptionKey, replaceKey }: PutKey): void {
  const before = listKeys(tx, backupKey).find(({ data }) => data.kind === encryptionKey.kind)
  if (before && !replaceKey) throw new Problem('factors.only_one_encryption_key_per_type_allowed')
  if (before) removeKey(tx, before.id, ctx.clock.now())
  insertKey(tx, ctx.ids.uuid(), backupKey, encryptionKey)
}
