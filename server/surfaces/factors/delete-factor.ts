import type { z } from 'zod'
import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { takeOffTheWire } from './delete-backup.ts'
import { proveFactor } from './prove-factor.ts'
import { exportMetadata } from './read-metadata.ts'
import { recordBackupEvent } from './record-event.ts'
import { requireStillThere } from './require-still-there.ts'
import { type Backup, type Factor, listFactors, listKeys, removeFactor, removeKey } from './store.ts'
import type { DeleteFactorRequest, EncryptionKey, FactorDeleted } from './wire.ts'

/** Which factors a key of that kind is encrypted for (factor-backup §4.10). */
const opensWith: Record<EncryptionKey['kind'], Factor['kind']> = {
  PRF: 'PASSKEY',
  ICLOUD: 'EC_KEYPAIR',
  TURNKEY: 'OIDC_ACCOUNT',
}

/**
 * Remove a main or sync factor, and with a main factor the key that was encrypted for its kind. Removing the last main
 * factor deletes the backup (factor-backup §4.10).
 *
 * @throws factors.encryption_key_not_allowed, factors.factor_not_found, factors.encryption_key_not_found,
 *   factors.factor_orphaned_from_encryption_key, and as `proveFactor`
 */
export async function deleteFactor(
  ctx: Context,
  request: DeleteFactorRequest,
  address: string,
): Promise<z.infer<typeof FactorDeleted>> {
  const { factorId, scope, encryptionKey } = request
  if (scope === 'SYNC' && encryptionKey) throw new Problem('factors.encryption_key_not_allowed')
  const proven = await proveFactor(ctx, request, 'SYNC', { kind: 'DELETEFACTOR', factorId })
  return ctx.db.write((tx) => {
    const backup = requireStillThere(tx, proven)
    const there = listFactors(tx, backup.key)
    const factor = there.find((one) => one.id === factorId && one.scope === scope)
    if (!factor) throw new Problem('factors.factor_not_found')
    const rest = there.filter((one) => one.scope === 'MAIN' && one.id !== factorId)
    const event = { backupKey: backup.key, address, details: { scope, factor: factor.kind } }
    recordBackupEvent(ctx, tx, { event: 'factors.factor_removed', ...event })
    if (scope === 'MAIN' && rest.length === 0) {
      takeOffTheWire(ctx, tx, backup)
      recordBackupEvent(ctx, tx, { event: 'factors.deleted', backupKey: backup.key, address })
      return { backupDeleted: true, backupMetadata: null }
    }
    const now = ctx.clock.now()
    if (encryptionKey) removeKeyOf(tx, backup, { encryptionKey, rest, now })
    removeFactor(tx, factor.id, now)
    return { backupDeleted: false, backupMetadata: exportMetadata(tx, backup) }
  })
}

type Removal = { encryptionKey: EncryptionKey; rest: Factor[]; now: number }

function removeKeyOf(tx: Orm, backup: Backup, { encryptionKey, rest, now }: Removal): void {
  // Both went through the same schema, so equal keys have equal texts.
  const wanted = JSON.stringify(encryptionKey)
  const kept = listKeys(tx, backup.key).find((key) => JSON.stringify(key.data) === wanted)
  if (!kept) throw new Problem('factors.encryption_key_not_found')
  if (rest.some((factor) => factor.kind === opensWith[encryptionKey.kind]))
    throw new Problem('factors.factor_orphaned_from_encryption_key')
  removeKey(tx, kept.id, now)
}
