import { and, asc, count, desc, eq, gt, inArray, lt, or, sql } from 'drizzle-orm'
import type { Database, Orm } from '#db/client.ts'
import { prepared } from '#db/prepared.ts'
import { guesses } from '#db/schema/index.ts'
import { guessRules } from './guesses.ts'

export type GuessRow = typeof guesses.$inferSelect

/** Where wrong guesses outlive the process. */
export type GuessStore = {
  /** Those whose time is not over, the latest last. */
  load(now: number, most: number): GuessRow[]
  read(key: string): GuessRow | undefined
  /** Rows that the keeper has forgiven meanwhile stay as they are. */
  save(rows: GuessRow[], now: number): Promise<void>
}

/** Rows on disk. Each wrong password costs whoever guesses a hash, so that it takes them long to get there. */
const mostRows = 50_000
/** Removed at once, so that nobody waits long for their turn to write. */
const batch = 1_000

const queries = prepared((db) => ({
  one: db
    .select()
    .from(guesses)
    .where(eq(guesses.key, sql.placeholder('key')))
    .prepare(),
}))

export function guessStore(db: Database): GuessStore {
  return {
    load: (now, most) =>
      db.read
        .select()
        .from(guesses)
        .where(isCounted(now))
        .orderBy(desc(guesses.wrong), desc(guesses.since))
        .limit(most)
        .all()
        .toReversed(),
    read: (key) => queries(db.read).one.get({ key }),
    save: (rows, now) =>
      db.write((tx) => {
        for (const row of rows) upsert(tx, row)
        trim(tx, now)
      }),
  }
}

/** Those that close a door now, the latest first. */
export function listSpent(db: Orm, now: number): GuessRow[] {
  const full = Object.entries(guessRules).map(([rule, { most }]) =>
    and(eq(guesses.rule, rule as keyof typeof guessRules), sql`${guesses.wrong} >= ${most}`),
  )
  return db
    .select()
    .from(guesses)
    .where(and(isCounted(now), or(...full)))
    .orderBy(desc(guesses.since))
    .limit(500)
    .all()
}

/** @returns how many there were */
export function forgive(tx: Orm, which: { key: string } | { subjects: string[] }): number {
  const these = 'key' in which ? eq(guesses.key, which.key) : inArray(guesses.subject, which.subjects)
  return tx
    .update(guesses)
    .set({ wrong: 0, lifts: sql`${guesses.lifts} + 1` })
    .where(and(these, gt(guesses.wrong, 0)))
    .run().changes
}

function isCounted(now: number) {
  return or(
    ...Object.entries(guessRules).map(([rule, { milliseconds }]) =>
      and(eq(guesses.rule, rule as keyof typeof guessRules), gt(guesses.since, now - milliseconds)),
    ),
  )
}

function upsert(tx: Orm, row: GuessRow): void {
  const { key: _, ...set } = row
  tx.insert(guesses)
    .values(row)
    .onConflictDoUpdate({ target: guesses.key, set, setWhere: sql`${guesses.lifts} <= ${row.lifts}` })
    .run()
}

function trim(tx: Orm, now: number): void {
  const old = tx
    .select({ key: guesses.key })
    .from(guesses)
    .where(lt(guesses.since, now - guessRules.anywhere.milliseconds))
    .limit(batch)
  tx.delete(guesses).where(inArray(guesses.key, old)).run()
  const rows = tx.select({ n: count() }).from(guesses).get()?.n ?? 0
  if (rows <= mostRows) return
  const least = tx
    .select({ key: guesses.key })
    .from(guesses)
    .orderBy(asc(guesses.wrong), asc(guesses.since))
    .limit(Math.min(batch, rows - mostRows))
  tx.delete(guesses).where(inArray(guesses.key, least)).run()
}
