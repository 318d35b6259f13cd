import type { z } from 'zod'
import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { exportFactor } from './factor-data.ts'
import { type Challenged, findProven, proveBy } from './prove-factor.ts'
import { type Backup, listFactors, listKeys, readBackupById } from './store.ts'
import type { BackupMetadata, Status } from './wire.ts'

/** A backup's factors and keys as clients see them, in the order they were added (factor-backup §2.4). */
export function exportMetadata(db: Orm, backup: Pick<Backup, 'key' | 'id' | 'manifestHash'>): BackupMetadata {
  const all = listFactors(db, backup.key)
  return {
    id: backup.id,
    keys: listKeys(db, backup.key).map((key) => key.data),
    factors: all.filter((factor) => factor.scope === 'MAIN').map(exportFactor),
    syncFactors: all.filter((factor) => factor.scope === 'SYNC').map(exportFactor),
    manifestHash: backup.manifestHash,
  }
}

/**
 * The metadata for a sync factor (factor-backup §4.9).
 *
 * @param backupId  which backup the client thinks it is; tells apart what `factors.backup_untraceable` does not
 * @throws factors.unauthorized_factor, factors.backup_does_not_exist, factors.backup_id_mismatch, and as `proveFactor`
 */
export async function readMetadata(ctx: Context, proof: Challenged, backupId: string | null): Promise<BackupMetadata> {
  if (proof.authorization.kind !== 'EC_KEYPAIR') throw new Problem('factors.invalid_authorization_type')
  const wanted = backupId?.toLowerCase() ?? null
  const { backup } = await proveBy(ctx, proof, { kind: 'RETRIEVEMETADATA' }, (identity) => {
    const proven = explainingAbsence(ctx, wanted, () => findProven(ctx, 'SYNC', identity))
    if (wanted !== null && proven.backup.id !== wanted) throw new Problem('factors.backup_id_mismatch')
    return proven
  })
  return exportMetadata(ctx.db.read, backup)
}

function explainingAbsence<T>(ctx: Context, wanted: string | null, find: () => T): T {
  try {
    return find()
  } catch (error) {
    if (wanted === null || !isProblem(error) || error.code !== 'factors.backup_untraceable') throw error
    const there = readBackupById(ctx.db.read, wanted)
    throw new Problem(there ? 'factors.unauthorized_factor' : 'factors.backup_does_not_exist')
  }
}

/**
 * Which kinds of main factors a backup has, for anybody who knows its id (factor-backup §4.13).
 *
 * @param backupId  any text
 * @throws not_found
 */
export function readStatus(ctx: Context, backupId: string): z.infer<typeof Status> {
  const backup = readBackupById(ctx.db.read, backupId.toLowerCase())
  if (!backup) throw new Problem('not_found')
  const main = listFactors(ctx.db.read, backup.key).filter((factor) => factor.scope === 'MAIN')
  return {
    backupId: backup.id,
    factors: main.map(({ data }) => ({
      kind: data.kind,
      accountKind: data.kind === 'OIDC_ACCOUNT' ? data.provider : null,
    })),
  }
}
