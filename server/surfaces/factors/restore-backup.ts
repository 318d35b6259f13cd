import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import type { Keep } from '#server/vault/vault.ts'
import { requireRoom } from './insert-new-factor.ts'
import type { Proven } from './prove-factor.ts'
import { proveRestorable, restorableSince } from './prove-restorable.ts'
import { exportMetadata } from './read-metadata.ts'
import { recordBackupEvent } from './record-event.ts'
import { requireStillThere } from './require-still-there.ts'
import {
  type Backup,
  type Factor,
  listFactors,
  listKeys,
  listRemovedFactors,
  listRemovedKeys,
  markUndeleted,
  pointBackupAt,
  readBackup,
  readManifestHash,
  reviveFactor,
  reviveKey,
} from './store.ts'
import type { BackupMetadata, RestoreRequest } from './wire.ts'

/**
 * Bring back what a main factor's owner lost: a deleted backup with its main factors and keys, an earlier version of
 * the content, or removed factors by id (README; weakness §10.10). Sync factors come back only by name: the device
 * that deleted everything may be a stolen one.
 *
 * @throws factors.nothing_to_restore, factors.factor_not_found, factors.factor_already_exists,
 *   factors.too_many_factors, factors.backup_account_id_already_exists, quota.exceeded, and as `proveFactor`
 */
export async function restoreBackup(ctx: Context, request: RestoreRequest, address: string): Promise<BackupMetadata> {
  const proven = await proveRestorable(ctx, request, { kind: 'RESTORE' })
  const { key, deletedAt, version: last } = proven.backup
  const version = request.version ?? (deletedAt === null ? null : last)
  const factorIds = request.factorIds ?? []
  const finish = (tx: Orm) => {
    const backup = readBackup(tx, key)
    if (!backup) throw new Problem('factors.nothing_to_restore')
    const details = { deleted: deletedAt === null ? 0 : 1, version }
    recordBackupEvent(ctx, tx, { event: 'factors.restored', backupKey: key, address, details })
    return exportMetadata(tx, backup)
  }

  if (version === null)
    return ctx.db.write((tx) => {
      bringBackFactors(ctx, tx, requireStillThere(tx, proven), factorIds)
      return finish(tx)
    })
  const owner = { kind: 'factors', id: key, accountId: key }
  return notFoundAsNothing(
    ctx.vault.restore(owner, version, (tx, keep) => {
      const backup = deletedAt === null ? requireStillThere(tx, proven) : undelete(tx, proven)
      bringBackContent(ctx, tx, { backup, version, keep })
      bringBackFactors(ctx, tx, backup, factorIds)
      return finish(tx)
    }),
  )
}

type PastContent = { backup: Backup; version: number; keep: Keep }

function bringBackContent(ctx: Context, tx: Orm, { backup, version, keep }: PastContent): void {
  const manifestHash = readManifestHash(tx, backup.key, version)
  if (manifestHash === null) throw new Problem('factors.nothing_to_restore')
  const next = backup.version + 1
  // A deleted backup's object is history already.
  const blobId = keep({ version: next, replaces: backup.deletedAt === null ? backup.blobId : null })
  pointBackupAt(tx, { key: backup.key, blobId, version: next, manifestHash, updatedAt: ctx.clock.now() })
}

/** @returns the backup as it was when it was deleted */
function undelete(tx: Orm, { backup: { key }, factor }: Proven): Backup {
  const backup = readBackup(tx, key)
  if (!backup || backup.deletedAt === null) throw new Problem('factors.nothing_to_restore')
  markUndeleted(tx, key)
  reviveFactor(tx, factor.id)
  for (const other of listRemovedFactors(tx, key))
    if (other.scope === 'MAIN' && other.removedAt === backup.deletedAt) reviveIfFree(tx, other)
  for (const removed of listRemovedKeys(tx, key)) if (removed.removedAt === backup.deletedAt) reviveKey(tx, removed.id)
  return backup
}

/** One whose key was registered in another backup meanwhile stays there. */
function reviveIfFree(tx: Orm, factor: Factor): void {
  try {
    reviveFactor(tx, factor.id)
  } catch (error) {
    if (!isProblem(error) || error.code !== 'factors.factor_already_exists') throw error
  }
}

function bringBackFactors(ctx: Context, tx: Orm, { key }: Backup, ids: string[]): void {
  for (const id of ids) {
    const there = listFactors(tx, key)
    if (there.some((factor) => factor.id === id)) continue
    const removed = listRemovedFactors(tx, key).find((factor) => factor.id === id)
    if (!removed || (removed.removedAt ?? 0) < restorableSince(ctx)) throw new Problem('factors.factor_not_found')
    requireRoom(there, removed.scope)
    reviveFactor(tx, id)
    bringBackKeyFor(tx, key, removed)
  }
}

const keyKind = { PASSKEY: 'PRF', EC_KEYPAIR: 'ICLOUD', OIDC_ACCOUNT: 'TURNKEY' } as const

/** A main factor without a key to open the backup would be of little use. */
function bringBackKeyFor(tx: Orm, backupKey: string, factor: Factor): void {
  const kind = keyKind[factor.kind]
  if (factor.scope !== 'MAIN' || listKeys(tx, backupKey).some(({ data }) => data.kind === kind)) return
  const newest = listRemovedKeys(tx, backupKey).find(({ data }) => data.kind === kind)
  if (newest) reviveKey(tx, newest.id)
}

async function notFoundAsNothing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') throw new Problem('factors.nothing_to_restore')
    throw error
  }
}
