import { eq } from 'drizzle-orm'
import { z } from 'zod'
import type { Orm } from '#db/client.ts'
import { settings as table } from '#db/schema/index.ts'

/** What the person who sets the server up is asked, in this order. */
export const setupSteps = ['keeper', 'name', 'storage', 'mail', 'people'] as const

export type SetupStep = (typeof setupSteps)[number]

const shape = z.object({
  /** Of the set-up code; null before the first was made. */
  codeHash: z.string().nullable().default(null),
  /** Of the token of the one browser that sets this server up; null before it was claimed. */
  claimHash: z.string().nullable().default(null),
  /** Account id of the first admin. */
  keeperId: z.string().nullable().default(null),
  /** Steps that were answered. */
  done: z.array(z.enum(setupSteps)).default([]),
})

export type SetupState = z.infer<typeof shape>

/** How far set-up is. Read anew each time: `hearthkeep setup-code` is another process. */
export function readSetupState(db: Orm): SetupState {
  return shape.parse(readRow(db, 'setup') ?? {})
}

export function writeSetupState(tx: Orm, changes: Partial<SetupState>): void {
  writeRow(tx, 'setup', { ...readSetupState(tx), ...changes })
}

/** Inside the transaction that decides: the copy in `ctx.settings` may be older. */
export function isSetUp(db: Orm): boolean {
  return typeof readRow(db, 'setUpAt') === 'number'
}

/** Nothing of set-up is kept any more. */
export function endSetup(tx: Orm, at: number): void {
  tx.delete(table).where(eq(table.name, 'setup')).run()
  writeRow(tx, 'setUpAt', at)
}

function readRow(db: Orm, name: string): unknown {
  const row = db.select().from(table).where(eq(table.name, name)).get()
  return row ? JSON.parse(row.value) : undefined
}

function writeRow(tx: Orm, name: string, value: unknown): void {
  const text = JSON.stringify(value)
  tx.insert(table)
    .values({ name, value: text })
    .onConflictDoUpdate({ target: table.name, set: { value: text } })
    .run()
}
