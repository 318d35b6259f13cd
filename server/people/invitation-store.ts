import { and, asc, desc, eq, gt, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, invitations } from '#db/schema/index.ts'

export type InvitationRow = typeof invitations.$inferSelect

export function insertInvitation(db: Orm, row: typeof invitations.$inferInsert): void {
  db.insert(invitations).values(row).run()
}

/** One that is good now, with the name of who made it, if that is a member. */
export function readGoodInvitation(db: Orm, codeHash: string, now: number) {
  return db
    .select({
      id: invitations.id,
      role: invitations.role,
      quotaBytes: invitations.quotaBytes,
      expiresAt: invitations.expiresAt,
      madeBy: invitations.madeBy,
      makersEmail: accounts.email,
      makersUsername: accounts.username,
    })
    .from(invitations)
    .leftJoin(accounts, eq(accounts.id, invitations.madeBy))
    .where(and(eq(invitations.codeHash, codeHash), isGood(now)))
    .get()
}

/** Use an invitation up by one. @returns false when it is not good any more */
export function countInvitationUse(db: Orm, id: string, now: number): boolean {
  const changed = db
    .update(invitations)
    .set({ used: sql`${invitations.used} + 1` })
    .where(and(eq(invitations.id, id), isGood(now)))
    .run()
  return changed.changes === 1
}

/** The latest first. */
export function listInvitationRows(db: Orm): InvitationRow[] {
  return db.select().from(invitations).orderBy(desc(invitations.createdAt), desc(invitations.id)).all()
}

/** @returns false when there is none of that id, or it was revoked before */
export function revokeInvitationRow(db: Orm, id: string, revokedAt: number): boolean {
  return (
    db
      .update(invitations)
      .set({ revokedAt })
      .where(and(eq(invitations.id, id), isNull(invitations.revokedAt)))
      .run().changes === 1
  )
}

/** Ids of those that somebody made and that are good now. */
export function listGoodInvitationsOf(db: Orm, madeBy: string, now: number): string[] {
  return db
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(eq(invitations.madeBy, madeBy), isGood(now)))
    .all()
    .map(({ id }) => id)
}

/** What everybody who joined by an invitation is called, by its id. */
export function listJoined(db: Orm): Map<string, string[]> {
  const joined = new Map<string, string[]>()
  const rows = db
    .select({ invitationId: accounts.invitationId, email: accounts.email, username: accounts.username })
    .from(accounts)
    .where(isNotNull(accounts.invitationId))
    .orderBy(asc(accounts.createdAt), asc(accounts.id))
    .all()
  for (const { invitationId, email, username } of rows)
    joined.set(invitationId ?? '', [...(joined.get(invitationId ?? '') ?? []), email ?? username ?? ''])
  return joined
}

function isGood(now: number) {
  return and(isNull(invitations.revokedAt), gt(invitations.expiresAt, now), lt(invitations.used, invitations.uses))
}
