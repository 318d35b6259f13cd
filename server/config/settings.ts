import { z } from 'zod'
import type { Database } from '#db/client.ts'
import { settings as table } from '#db/schema/index.ts'
import type { Config } from './env.ts'

const mebibyte = 1024 * 1024

const shape = z.object({
  /** When set-up was finished, milliseconds; null = not yet. */
  setUpAt: z.number().nullable().default(null),
  /**
   * Which objects of which store may be swept as orphans: those that are not older than `since` (milliseconds), 0 when
   * the store was empty when it was first used. Null = not decided yet.
   */
  sweep: z.object({ store: z.string(), since: z.number() }).nullable().default(null),
  /**
   * What the server's own environment called it when it last started (`belongings.ts`): a command line beside it has
   * another environment, and would take a snapshot under another name. Null = it has not started yet.
   */
  belongings: z
    .object({ values: z.record(z.string(), z.string()), left: z.array(z.string()) })
    .nullable()
    .default(null),
  /** Null = `open` before set-up, `invite` afterwards. */
  registration: z.enum(['open', 'invite', 'closed']).nullable().default(null),
  slotMinBytes: z.number().int().default(32),
  slotMaxBytes: z
    .number()
    .int()
    .default(2 * mebibyte),
  personaMaxBytes: z
    .number()
    .int()
    .default(10 * mebibyte),
  factorBackupMaxBytes: z
    .number()
    .int()
    .default(15 * mebibyte),
  /** How long browsers, apps with a cloud backup and OTP clients stay signed in after their last request. */
  webSessionDays: z.number().default(30),
  /** 30 days by contract C §2. */
  cloudSessionDays: z.number().default(30),
  otpSessionDays: z.number().default(180),
  /** Characters of a password that is made on the pages; the apps' interfaces have rules of their own. */
  passwordMinLength: z.number().int().default(8),
  /** Live bytes of one person; history has as much again. */
  quotaBytes: z
    .number()
    .int()
    .default(1024 * mebibyte),
  /** Of one key's operation log: bytes of payloads, operations, clients; and the longest payload, bytes (oplog-sync §4). */
  oplogQuotaBytes: z.number().int().default(500_000_000),
  oplogQuotaOperations: z.number().int().default(200_000),
  oplogClients: z.number().int().default(1_000),
  oplogPayloadMaxBytes: z.number().int().default(mebibyte),
  /** Web pages that may use the operation log; `*` = any, since nothing there goes by cookies (oplog-sync D24). */
  oplogOrigins: z.array(z.string()).default(['*']),
  /** How many superseded versions of one object are kept, and for how long. */
  historyVersions: z.number().int().default(10),
  historyDays: z.number().default(30),
  /** How long somebody who deleted their account may change their mind. */
  accountGraceDays: z.number().min(0).default(14),
  /** How long it is kept what happened, days; what tells of people getting in for 90 at least. */
  auditDays: z.number().min(1).default(400),
  /** Hours between two server snapshots; how many days and weeks back one of each is kept. */
  snapshotHours: z.number().default(24),
  snapshotKeepDaily: z.number().int().default(7),
  snapshotKeepWeekly: z.number().int().default(4),
  /** Every kept object is read and hashed once within this many days. */
  scrubDays: z.number().default(30),
})

export type SettingValues = z.infer<typeof shape>

export type Settings = {
  /** Given by a variable (environment, kept, restored), else as stored under its own name, else the default. */
  readonly values: Readonly<SettingValues>
  set(changes: Partial<SettingValues>): Promise<void>
  /** Look what another process has stored. */
  reload(): void
}

export const defaultSettings: Readonly<SettingValues> = shape.parse({})

/** Settings stored in the database; a row that this version cannot read counts as not set. */
export function openSettings(db: Database, config: Pick<Config, 'settings'>): Settings {
  const read = (): SettingValues => {
    const stored: Record<string, unknown> = {}
    for (const row of db.read.select().from(table).all()) {
      const value = fieldOf(row.name)?.safeParse(parseJson(row.value))
      if (value?.success) stored[row.name] = value.data
    }
    return shape.parse(stored)
  }

  let stored = read()
  let given = config.settings
  let values = { ...stored, ...given }
  return {
    get values() {
      // A change of variables puts another object there.
      if (config.settings !== given) {
        given = config.settings
        values = { ...stored, ...given }
      }
      return values
    },
    async set(changes) {
      await db.write((tx) => {
        for (const [name, value] of Object.entries(shape.partial().parse(changes))) {
          if (!(name in changes)) continue
          const text = JSON.stringify(value)
          tx.insert(table)
            .values({ name, value: text })
            .onConflictDoUpdate({ target: table.name, set: { value: text } })
            .run()
        }
      })
      this.reload()
    },
    reload() {
      stored = read()
      given = config.settings
      values = { ...stored, ...given }
    },
  }
}

function fieldOf(name: string) {
  return Object.hasOwn(shape.shape, name) ? shape.shape[name as keyof SettingValues] : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
