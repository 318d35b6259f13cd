import { and, asc, desc, eq } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { factorBackupLinks, factorBackups, factors } from '#db/schema/index.ts'

export type Link = typeof factorBackupLinks.$inferSelect
export type LinkedBackup = { name: string; backup: typeof factorBackups.$inferSelect }

/** Newest first; deleted ones too, until they are forgotten. */
export function listLinkedBackups(db: Orm, accountId: string): LinkedBackup[] {
  return db
    .select({ name: factorBackupLinks.name, backup: factorBackups })
    .from(factorBackupLinks)
    .innerJoin(factorBackups, eq(factorBackups.key, factorBackupLinks.backupKey))
    .where(eq(factorBackupLinks.accountId, accountId))
    .orderBy(desc(factorBackupLinks.createdAt), asc(factorBackupLinks.backupKey))
    .all()
}

export function listLinkedAccounts(db: Orm, backupKey: string): string[] {
  return db
    .select({ accountId: factorBackupLinks.accountId })
    .from(factorBackupLinks)
    .where(eq(factorBackupLinks.backupKey, backupKey))
    .all()
    .map(({ accountId }) => accountId)
}

/** A new link, or another name for one that is there. */
export function putLink(db: Orm, link: Link): void {
  db.insert(factorBackupLinks)
    .values(link)
    .onConflictDoUpdate({
      target: [factorBackupLinks.accountId, factorBackupLinks.backupKey],
      set: { name: link.name },
    })
    .run()
}

/** @returns false when there was none */
export function removeLink(db: Orm, accountId: string, backupKey: string): boolean {
  const { changes } = db
    .delete(factorBackupLinks)
    .where(and(eq(factorBackupLinks.accountId, accountId), eq(factorBackupLinks.backupKey, backupKey)))
    .run()
  return changes === 1
}

export function labelFactor(db: Orm, id: string, label: string | null): void {
  db.update(factors).set({ label }).where(eq(factors.id, id)).run()
}
