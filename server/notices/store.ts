import { asc, eq, lte, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { outbox } from '#db/schema/index.ts'

export type OutboxRow = typeof outbox.$inferSelect

export function insertMail(db: Orm, row: OutboxRow): void {
  db.insert(outbox).values(row).run()
}

/** Whose turn has come, the longest waiting first. */
export function listDueMails(db: Orm, now: number, limit: number): OutboxRow[] {
  return db
    .select()
    .from(outbox)
    .where(lte(outbox.nextAttemptAt, now))
    .orderBy(asc(outbox.nextAttemptAt))
    .limit(limit)
    .all()
}

/** When the next mail wants to be tried, milliseconds; null when none waits. */
export function readNextAttempt(db: Orm): number | null {
  return (
    db
      .select({ at: sql<number | null>`min(${outbox.nextAttemptAt})` })
      .from(outbox)
      .get()?.at ?? null
  )
}

export function postponeMail(db: Orm, id: string, attempts: number, nextAttemptAt: number): void {
  db.update(outbox).set({ attempts, nextAttemptAt }).where(eq(outbox.id, id)).run()
}

export function deleteMail(db: Orm, id: string): void {
  db.delete(outbox).where(eq(outbox.id, id)).run()
}
