import { and, count, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { accounts, sessions, spentTokens } from '#db/schema/index.ts'
import type { Language } from '#server/kit/language.ts'

export type AccountRow = typeof accounts.$inferSelect
export type SessionRow = typeof sessions.$inferSelect

const queries = prepared((db) => ({
  account: db
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare(),
  byUsername: db
    .select()
    .from(accounts)
    .where(eq(accounts.username, sql.placeholder('username')))
    .prepare(),
  byEmail: db
    .select()
    .from(accounts)
    .where(eq(accounts.email, sql.placeholder('email')))
    .prepare(),
  session: db
    .select({
      id: sessions.id,
      accountId: sessions.accountId,
      deviceId: sessions.deviceId,
      kind: sessions.kind,
      expiresAt: sessions.expiresAt,
      disabledAt: accounts.disabledAt,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(eq(sessions.id, unplanned('id')))
    .prepare(),
  byToken: db
    .select()
    .from(sessions)
    .where(eq(sessions.tokenHash, sql.placeholder('tokenHash')))
    .prepare(),
  webByToken: db
    .select({
      id: sessions.id,
      accountId: sessions.accountId,
      expiresAt: sessions.expiresAt,
      lastSeenAt: sessions.lastSeenAt,
      provenAt: sessions.provenAt,
      email: accounts.email,
      username: accounts.username,
      role: accounts.role,
      disabledAt: accounts.disabledAt,
      deleteAt: accounts.deleteAt,
      shutByKeeper: accounts.shutByKeeper,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.tokenHash, unplanned('tokenHash')), eq(sessions.kind, 'web')))
    .prepare(),
  spent: db
    .select({ sessionId: spentTokens.sessionId, accountId: sessions.accountId })
    .from(spentTokens)
    .innerJoin(sessions, eq(sessions.id, spentTokens.sessionId))
    .where(eq(spentTokens.tokenHash, unplanned('tokenHash')))
    .prepare(),
}))

export function readAccount(db: Orm, id: string): AccountRow | undefined {
  return queries(db).account.get({ id })
}

/** @param username  lower-cased */
export function readAccountByUsername(db: Orm, username: string): AccountRow | undefined {
  return queries(db).byUsername.get({ username })
}

/** @param email  trimmed and lower-cased */
export function readAccountByEmail(db: Orm, email: string): AccountRow | undefined {
  return queries(db).byEmail.get({ email })
}

/**
 * By either sign-in name; the address wins, and `createAccount` sees to it that nobody's user name is another's address.
 *
 * @param name  trimmed and lower-cased
 */
export function readAccountByName(db: Orm, name: string): AccountRow | undefined {
  return readAccountByEmail(db, name) ?? readAccountByUsername(db, name)
}

export function insertAccount(db: Orm, account: typeof accounts.$inferInsert): void {
  db.insert(accounts).values(account).run()
}

export function updatePasswordHash(db: Orm, id: string, passwordHash: string): void {
  db.update(accounts).set({ passwordHash }).where(eq(accounts.id, id)).run()
}

export function updateNames(db: Orm, id: string, names: Pick<AccountRow, 'email' | 'username'>): void {
  db.update(accounts).set(names).where(eq(accounts.id, id)).run()
}

/** @param language  in words of BCP 47 */
export function updateLanguage(db: Orm, id: string, language: Language): void {
  db.update(accounts).set({ language }).where(eq(accounts.id, id)).run()
}

/** What everybody is called, by name. */
export function listNames(db: Orm): Array<{ id: string; name: string }> {
  return db
    .select({ id: accounts.id, email: accounts.email, username: accounts.username })
    .from(accounts)
    .all()
    .map(({ id, email, username }) => ({ id, name: email ?? username ?? '' }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

export function makeAdmin(db: Orm, id: string): void {
  db.update(accounts).set({ role: 'admin' }).where(eq(accounts.id, id)).run()
}

export function hasAnyAccount(db: Orm): boolean {
  return db.select({ id: accounts.id }).from(accounts).limit(1).get() !== undefined
}

/** Admins who can get in. */
export function countAdmins(db: Orm): number {
  const isAdmin = and(eq(accounts.role, 'admin'), isNull(accounts.disabledAt))
  return db.select({ n: count() }).from(accounts).where(isAdmin).get()?.n ?? 0
}

/** What shuts an account, and what may open it again. */
export type Door = Pick<AccountRow, 'disabledAt' | 'deleteAt' | 'shutByKeeper'>

export const openDoor: Door = { disabledAt: null, deleteAt: null, shutByKeeper: false }

export function setDoor(db: Orm, id: string, door: Door): void {
  db.update(accounts).set(door).where(eq(accounts.id, id)).run()
}

/** What a keeper decides about somebody. */
export function updateAccount(
  db: Orm,
  id: string,
  changes: Partial<Pick<AccountRow, 'role' | 'quotaBytes' | 'nudgedAt'>>,
): void {
  db.update(accounts).set(changes).where(eq(accounts.id, id)).run()
}

/** Only while the old hash still stands, so that a password changed meanwhile stays changed. */
export function replacePasswordHash(db: Orm, { id, passwordHash: old }: AccountRow, passwordHash: string): boolean {
  const changed = db
    .update(accounts)
    .set({ passwordHash })
    .where(and(eq(accounts.id, id), eq(accounts.passwordHash, old)))
    .run()
  return changed.changes === 1
}

/** A session with what decides whether it still counts. */
export function readSession(db: Orm, id: string) {
  return queries(db).session.get({ id })
}

export function readSessionByToken(db: Orm, tokenHash: string): SessionRow | undefined {
  return queries(db).byToken.get({ tokenHash })
}

/** A browser's session with whose it is. */
export function readWebSessionByToken(db: Orm, tokenHash: string) {
  return queries(db).webByToken.get({ tokenHash })
}

/** The session a refresh token once belonged to, if it was rotated away. */
export function readSpentToken(db: Orm, tokenHash: string): { sessionId: string; accountId: string } | undefined {
  return queries(db).spent.get({ tokenHash })
}

export function insertSession(db: Orm, session: typeof sessions.$inferInsert): void {
  db.insert(sessions).values(session).run()
}

export function rotateSession(
  db: Orm,
  session: SessionRow,
  next: Pick<SessionRow, 'tokenHash' | 'expiresAt' | 'lastSeenAt'>,
): void {
  db.insert(spentTokens).values({ tokenHash: session.tokenHash, sessionId: session.id }).run()
  db.update(sessions).set(next).where(eq(sessions.id, session.id)).run()
}

export function extendSession(db: Orm, id: string, until: Pick<SessionRow, 'lastSeenAt' | 'expiresAt'>): void {
  db.update(sessions).set(until).where(eq(sessions.id, id)).run()
}

/** Its holder has just proved who they are, milliseconds. */
export function proveSession(db: Orm, id: string, provenAt: number): void {
  db.update(sessions).set({ provenAt }).where(eq(sessions.id, id)).run()
}

/** Those that still count, the last used first. */
export function listSessions(db: Orm, accountId: string, now: number): SessionRow[] {
  return db
    .select()
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt))
    .all()
}

export function deleteSession(db: Orm, id: string): void {
  db.delete(sessions).where(eq(sessions.id, id)).run()
}

/** @returns how many there were */
export function deleteSessionsOf(db: Orm, accountId: string): number {
  return db.delete(sessions).where(eq(sessions.accountId, accountId)).run().changes
}

/** @returns whether that person had such a session */
export function deleteOwnSession(db: Orm, accountId: string, id: string): boolean {
  return (
    db
      .delete(sessions)
      .where(and(eq(sessions.accountId, accountId), eq(sessions.id, id)))
      .run().changes === 1
  )
}

/** All but one. @returns how many there were */
export function deleteOtherSessions(db: Orm, accountId: string, kept: string): number {
  return db
    .delete(sessions)
    .where(and(eq(sessions.accountId, accountId), ne(sessions.id, kept)))
    .run().changes
}

/** @returns how many there were */
export function deleteSessionsOfDevice(db: Orm, accountId: string, deviceId: string): number {
  return db
    .delete(sessions)
    .where(and(eq(sessions.accountId, accountId), eq(sessions.deviceId, deviceId)))
    .run().changes
}

export function deleteExpiredSessions(db: Orm, before: number): number {
  return db.delete(sessions).where(lt(sessions.expiresAt, before)).run().changes
}
