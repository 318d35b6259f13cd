import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { passkeys, recoveryCodes } from '#db/schema/index.ts'

export type PasskeyRow = typeof passkeys.$inferSelect

export function listPasskeys(db: Orm, accountId: string): PasskeyRow[] {
  return db
    .select()
    .from(passkeys)
    .where(eq(passkeys.accountId, accountId))
    .orderBy(asc(passkeys.createdAt), asc(passkeys.credentialId))
    .all()
}

export function readPasskey(db: Orm, credentialId: string): PasskeyRow | undefined {
  return db.select().from(passkeys).where(eq(passkeys.credentialId, credentialId)).get()
}

export function insertPasskey(db: Orm, row: PasskeyRow): void {
  db.insert(passkeys).values(row).run()
}

/**
 * Note that a passkey was used, only if its counter is still what the assertion was verified against: of two assertions
 * at once with one count, one is a copy.
 *
 * @returns whether it was
 */
export function notePasskeyUse(
  db: Orm,
  { credentialId, counter: seen }: PasskeyRow,
  use: { counter: number; backedUp: boolean; lastUsedAt: number },
): boolean {
  const changed = db
    .update(passkeys)
    .set(use)
    .where(and(eq(passkeys.credentialId, credentialId), eq(passkeys.counter, seen)))
    .run()
  return changed.changes === 1
}

type Own = { accountId: string; credentialId: string }

/** @returns false when that person has no such passkey */
export function renamePasskeyRow(db: Orm, own: Own, label: string): boolean {
  return db.update(passkeys).set({ label }).where(isOwn(own)).run().changes === 1
}

/** @returns false when that person has no such passkey */
export function deletePasskey(db: Orm, own: Own): boolean {
  return db.delete(passkeys).where(isOwn(own)).run().changes === 1
}

function isOwn({ accountId, credentialId }: Own) {
  return and(eq(passkeys.accountId, accountId), eq(passkeys.credentialId, credentialId))
}

/** Older codes stop working. */
export function replaceRecoveryCodes(db: Orm, accountId: string, codeHashes: string[], createdAt: number): void {
  db.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)).run()
  db.insert(recoveryCodes)
    .values(codeHashes.map((codeHash) => ({ codeHash, accountId, createdAt })))
    .run()
}

/** @returns whether it was one of this person's that was not used yet */
export function spendRecoveryCode(db: Orm, accountId: string, codeHash: string, usedAt: number): boolean {
  const own = and(eq(recoveryCodes.accountId, accountId), eq(recoveryCodes.codeHash, codeHash))
  const changed = db
    .update(recoveryCodes)
    .set({ usedAt })
    .where(and(own, isNull(recoveryCodes.usedAt)))
    .run()
  return changed.changes === 1
}

/** How many codes are left, and when they were made (milliseconds; null when there never were any). */
export function readRecoveryCodes(db: Orm, accountId: string): { left: number; madeAt: number | null } {
  const found = db
    .select({
      left: sql<number>`count(*) filter (where ${recoveryCodes.usedAt} is null)`,
      madeAt: sql<number | null>`min(${recoveryCodes.createdAt})`,
    })
    .from(recoveryCodes)
    .where(eq(recoveryCodes.accountId, accountId))
    .get()
  return found ?? { left: 0, madeAt: null }
}
