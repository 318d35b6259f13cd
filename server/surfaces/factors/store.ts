import { and, asc, desc, eq, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { encryptionKeys, factorBackups, factorBackupVersions, factors } from '#db/schema/index.ts'
import { isUniqueViolation } from '#db/sqlite-code.ts'
import { Problem } from '#server/kit/problem.ts'
import type { FactorData } from './factor-data.ts'
import type { EncryptionKey } from './wire.ts'

export type Backup = typeof factorBackups.$inferSelect
export type Scope = 'MAIN' | 'SYNC'
type FactorRow = typeof factors.$inferSelect
export type Factor = Omit<FactorRow, 'data'> & { data: FactorData }
export type KeptKey = { id: string; data: EncryptionKey; removedAt: number | null }

const queries = prepared((db) => ({
  byId: db
    .select()
    .from(factorBackups)
    .where(and(eq(factorBackups.id, sql.placeholder('id')), isNull(factorBackups.deletedAt)))
    .prepare(),
  byKey: db
    .select()
    .from(factorBackups)
    .where(eq(factorBackups.key, sql.placeholder('key')))
    .prepare(),
  live: db
    .select()
    .from(factors)
    .where(
      and(
        eq(factors.scope, sql.placeholder('scope')),
        eq(factors.lookupKey, sql.placeholder('lookupKey')),
        isNull(factors.removedAt),
      ),
    )
    .prepare(),
  ofBackup: db
    .select()
    .from(factors)
    .where(and(eq(factors.backupKey, unplanned('backupKey')), isNull(factors.removedAt)))
    .orderBy(asc(factors.position))
    .prepare(),
  keys: db
    .select()
    .from(encryptionKeys)
    .where(and(eq(encryptionKeys.backupKey, unplanned('backupKey')), isNull(encryptionKeys.removedAt)))
    .orderBy(asc(encryptionKeys.position))
    .prepare(),
}))

/** The backup that has this id now; ids are lower-case. */
export function readBackupById(db: Orm, id: string): Backup | undefined {
  return queries(db).byId.get({ id })
}

/** Deleted or not. */
export function readBackup(db: Orm, key: string): Backup | undefined {
  return queries(db).byKey.get({ key })
}

export function insertBackup(db: Orm, backup: Omit<Backup, 'deletedAt'>): void {
  try {
    db.insert(factorBackups).values(backup).run()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('factors.backup_account_id_already_exists')
    throw error
  }
  insertVersion(db, backup)
}

type Pointer = Pick<Backup, 'key' | 'blobId' | 'version' | 'manifestHash' | 'updatedAt'>

/** Make another object the current content. */
export function pointBackupAt(db: Orm, { key, ...pointer }: Pointer): void {
  db.update(factorBackups).set(pointer).where(eq(factorBackups.key, key)).run()
  insertVersion(db, { key, ...pointer })
}

function insertVersion(
  db: Orm,
  { key, version, manifestHash }: Pick<Backup, 'key' | 'version' | 'manifestHash'>,
): void {
  db.insert(factorBackupVersions).values({ backupKey: key, version, manifestHash }).run()
}

export function readManifestHash(db: Orm, backupKey: string, version: number): string | null {
  const found = db
    .select({ manifestHash: factorBackupVersions.manifestHash })
    .from(factorBackupVersions)
    .where(and(eq(factorBackupVersions.backupKey, backupKey), eq(factorBackupVersions.version, version)))
    .get()
  return found?.manifestHash ?? null
}

/** The factor that is registered under a lookup key now, in whichever backup. */
export function findFactor(db: Orm, scope: Scope, lookupKey: string): Factor | undefined {
  const row = queries(db).live.get({ scope, lookupKey })
  return row && parsed(row)
}

export function readFactor(db: Orm, id: string): Factor | undefined {
  const row = db.select().from(factors).where(eq(factors.id, id)).get()
  return row && parsed(row)
}

/** Main factors of this key that were removed with their backups, newest first. */
export function listRemovedMainFactors(db: Orm, lookupKey: string): Factor[] {
  return db
    .select()
    .from(factors)
    .where(and(eq(factors.scope, 'MAIN'), eq(factors.lookupKey, lookupKey), isNotNull(factors.removedAt)))
    .orderBy(desc(factors.removedAt))
    .all()
    .map(parsed)
}

/** In the order they were added. */
export function listFactors(db: Orm, backupKey: string): Factor[] {
  return queries(db).ofBackup.all({ backupKey }).map(parsed)
}

export function listRemovedFactors(db: Orm, backupKey: string): Factor[] {
  return db
    .select()
    .from(factors)
    .where(and(eq(factors.backupKey, backupKey), isNotNull(factors.removedAt)))
    .orderBy(asc(factors.position))
    .all()
    .map(parsed)
}

export type NewFactor = Pick<Factor, 'id' | 'backupKey' | 'scope' | 'lookupKey' | 'data' | 'createdAt'>

/** @throws factors.factor_already_exists when the key is registered in that scope, for any backup */
export function insertFactor(db: Orm, { data, ...factor }: NewFactor): void {
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from factors where backup_key = ${factor.backupKey})`
  claiming(() =>
    db
      .insert(factors)
      .values({ ...factor, kind: data.kind, data: JSON.stringify(data), position })
      .run(),
  )
}

export function updateFactor(db: Orm, id: string, changes: { data?: FactorData; lastUsedAt: number }): void {
  const { data, lastUsedAt } = changes
  db.update(factors)
    .set({ lastUsedAt, ...(data ? { data: JSON.stringify(data) } : {}) })
    .where(eq(factors.id, id))
    .run()
}

/** @returns false when somebody else removed it first */
export function removeFactor(db: Orm, id: string, removedAt: number): boolean {
  const changed = db
    .update(factors)
    .set({ removedAt })
    .where(and(eq(factors.id, id), isNull(factors.removedAt)))
    .run()
  return changed.changes === 1
}

/** @throws factors.factor_already_exists when its key was registered anew meanwhile */
export function reviveFactor(db: Orm, id: string): void {
  claiming(() => db.update(factors).set({ removedAt: null }).where(eq(factors.id, id)).run())
}

export function listKeys(db: Orm, backupKey: string): KeptKey[] {
  return queries(db)
    .keys.all({ backupKey })
    .map((row) => ({ id: row.id, data: JSON.parse(row.data) as EncryptionKey, removedAt: row.removedAt }))
}

export function listRemovedKeys(db: Orm, backupKey: string): KeptKey[] {
  return db
    .select()
    .from(encryptionKeys)
    .where(and(eq(encryptionKeys.backupKey, backupKey), isNotNull(encryptionKeys.removedAt)))
    .orderBy(desc(encryptionKeys.removedAt))
    .all()
    .map((row) => ({ id: row.id, data: JSON.parse(row.data) as EncryptionKey, removedAt: row.removedAt }))
}

/** @throws factors.only_one_encryption_key_per_type_allowed */
export function insertKey(db: Orm, id: string, backupKey: string, data: EncryptionKey): void {
  const position = sql<number>`(select coalesce(max(position), 0) + 1 from encryption_keys where backup_key = ${backupKey})`
  try {
    db.insert(encryptionKeys)
      .values({ id, backupKey, kind: data.kind, data: JSON.stringify(data), position })
      .run()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('factors.only_one_encryption_key_per_type_allowed')
    throw error
  }
}

export function removeKey(db: Orm, id: string, removedAt: number): void {
  db.update(encryptionKeys).set({ removedAt }).where(eq(encryptionKeys.id, id)).run()
}

export function reviveKey(db: Orm, id: string): void {
  db.update(encryptionKeys).set({ removedAt: null }).where(eq(encryptionKeys.id, id)).run()
}

/** Take a backup with its factors and keys off the wire; the rows stay until the grace period ends. */
export function markDeleted(db: Orm, key: string, at: number): void {
  db.update(factorBackups).set({ deletedAt: at }).where(eq(factorBackups.key, key)).run()
  db.update(factors)
    .set({ removedAt: at })
    .where(and(eq(factors.backupKey, key), isNull(factors.removedAt)))
    .run()
  db.update(encryptionKeys)
    .set({ removedAt: at })
    .where(and(eq(encryptionKeys.backupKey, key), isNull(encryptionKeys.removedAt)))
    .run()
}

/** @throws factors.backup_account_id_already_exists when the id was taken anew meanwhile */
export function markUndeleted(db: Orm, key: string): void {
  try {
    db.update(factorBackups).set({ deletedAt: null }).where(eq(factorBackups.key, key)).run()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('factors.backup_account_id_already_exists')
    throw error
  }
}

/**
 * Forget what the grace period is over for: deleted backups whose object the reaper took, removed factors and keys,
 * and the hashes of versions that are gone.
 *
 * @param before  milliseconds
 */
export function forgetRemoved(db: Orm, before: number): void {
  db.delete(factorBackups)
    .where(and(lte(factorBackups.deletedAt, before), isNull(factorBackups.blobId)))
    .run()
  db.delete(factors).where(lt(factors.removedAt, before)).run()
  db.delete(encryptionKeys).where(lt(encryptionKeys.removedAt, before)).run()
  db.run(sql`delete from factor_backup_versions where not exists (select 1 from blobs b
    where b.owner_kind = 'factors' and b.owner_id = factor_backup_versions.backup_key
    and b.version = factor_backup_versions.version)`)
}

export type Counts = { backups: number; deleted: number }

export function countBackups(db: Orm): Counts {
  const found = db
    .select({
      backups: sql<number>`count(*) filter (where ${factorBackups.deletedAt} is null)`,
      deleted: sql<number>`count(*) filter (where ${factorBackups.deletedAt} is not null)`,
    })
    .from(factorBackups)
    .get()
  return found ?? { backups: 0, deleted: 0 }
}

function claiming(write: () => unknown): void {
  try {
    write()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('factors.factor_already_exists')
    throw error
  }
}

function parsed(row: FactorRow): Factor {
  return { ...row, data: JSON.parse(row.data) as FactorData }
}
