import { eq, like } from 'drizzle-orm'
import type { Database, Orm } from '#db/client.ts'
import { blobs, settings as table } from '#db/schema/index.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { Problem } from '#server/kit/problem.ts'
import { SealedText } from '#server/kit/sealed-text.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type Config, makeConfig } from './env.ts'
import { openKept, sealedPurpose } from './kept-rows.ts'
import type { Settings } from './settings.ts'
import { isKeepable, isPinned, mergeSources, usableOf } from './sources.ts'
import { waitsForRestart } from './takes-effect.ts'
import { isSecret } from './variable-facts.ts'
import { ConfigError, faultsTogether, parseVariables } from './variables.ts'

export type KeptNeeds = {
  config: Config
  db: Database
  secrets: { serverKey: Buffer }
  settings: Settings
  clock: Clock
  ids: Ids
  /** Follows the level, where there is one to follow. */
  log?: Log
}

/** Name → text as the environment would have it; null = no longer kept. */
export type VariableChanges = Record<string, string | null>

export type ChangeOptions = {
  /** Names that are true already, though they would have to wait for a restart: the store after it was moved. */
  alreadyTrue?: readonly string[]
}

/**
 * Keep variables in the database, where only the environment beats them, and go by them at once, as far as this is
 * possible without a restart. All or none are changed.
 *
 * @param actor  who does it; null = somebody at the machine itself
 * @throws config.pinned when the environment gives one of them; config.refused with the faults in `facts.faults`, one a
 *   line, which name variables and never repeat a value
 */
export async function changeVariables(
  ctx: KeptNeeds,
  actor: { accountId: string } | null,
  changes: VariableChanges,
  address: string | null = null,
  { alreadyTrue = [] }: ChangeOptions = {},
): Promise<void> {
  const { sources } = ctx.config
  const names = Object.keys(changes)
  const unknown = names.filter((name) => !isKeepable(name))
  if (unknown.length > 0) throw refused(unknown.map((name) => `${name}: cannot be kept`))
  const unmoved = names.filter((name) => ofTheStore.test(name) && !alreadyTrue.includes(name))
  if (unmoved.length > 0 && hasObjects(ctx.db.read))
    throw refused(unmoved.map((name) => `${name}: objects would be left behind; move them on the page Storage`))
  const pinned = names.filter((name) => isPinned(sources, name))
  if (pinned.length > 0) throw new Problem('config.pinned', { facts: { names: pinned.join(' ') } })

  await ctx.db.write((tx) => {
    const { values } = readKept(tx, ctx.secrets.serverKey)
    const { usable } = usableOf({ values, unreadable: [] }, sources, ctx.config.dataFolder)
    const kept = changed(usable, changes)
    requireSound(ctx.config, kept)
    const different = names.filter((name) => (values[name] ?? null) !== (changes[name] || null))
    for (const name of names) writeKept(ctx, tx, name, changes[name] || null)
    if (different.length === 0) return
    const details = { names: different.join(' ') }
    recordEvent(ctx, tx, { event: 'server.settings_changed', accountId: actor?.accountId ?? null, address, details })
  })
  goByKept(ctx, alreadyTrue)
}

/**
 * Go by what the database keeps now. What cannot change under a running server stays as it is.
 *
 * @param alreadyTrue  see `ChangeOptions`
 */
export function goByKept(ctx: KeptNeeds, alreadyTrue: readonly string[] = []): void {
  const { config } = ctx
  const { environment, restored, inEffect } = config.sources
  ctx.settings.reload()
  const outer = { environment, restored }
  const { usable, unusable } = usableOf(readKept(ctx.db.read, ctx.secrets.serverKey), outer, config.dataFolder)
  const sources = { ...outer, kept: usable }
  const given = mergeSources(sources)
  const isSetUp = ctx.settings.values.setUpAt !== null
  for (const name of new Set([...Object.keys(given), ...Object.keys(inEffect)])) {
    if (!waitsForRestart(name, isSetUp) || alreadyTrue.includes(name)) continue
    const now = inEffect[name]
    if (now === undefined) delete given[name]
    else given[name] = now
  }
  Object.assign(config, makeConfig(config.dataFolder, sources, given), { unusable })
  if (ctx.log) ctx.log.level = config.logLevel
}

/** Remove kept variables without looking at what is left: for those that cannot be read. */
export async function forgetKept(ctx: Pick<KeptNeeds, 'clock' | 'ids'>, db: Database, names: string[]): Promise<void> {
  await db.write((tx) => {
    const kept = tx.select({ name: table.name }).from(table).where(like(table.name, 'HEARTHKEEP_%')).all()
    const gone = kept.map(({ name }) => name).filter((name) => names.includes(name))
    for (const name of gone) tx.delete(table).where(eq(table.name, name)).run()
    if (gone.length === 0) return
    const details = { names: gone.join(' ') }
    recordEvent(ctx, tx, { event: 'server.settings_changed', accountId: null, details })
  })
}

export function readKept(db: Orm, serverKey: Buffer | null) {
  return openKept(db.select().from(table).where(like(table.name, 'HEARTHKEEP_%')).all(), serverKey)
}

/** All that is stored, to see whether anything has changed. */
export function rowsOfSettings(db: Orm): string {
  const rows = db.select().from(table).orderBy(table.name).all()
  return rows.map(({ name, value }) => `${name} ${value}`).join('\n')
}

function writeKept(ctx: KeptNeeds, tx: Orm, name: string, text: string | null): void {
  if (text === null) {
    tx.delete(table).where(eq(table.name, name)).run()
    return
  }
  const sealed = new SealedText(ctx.secrets.serverKey, sealedPurpose, (bytes) => ctx.ids.random(bytes))
  const value = JSON.stringify(isSecret(name) ? { sealed: sealed.seal(text, name) } : text)
  tx.insert(table).values({ name, value }).onConflictDoUpdate({ target: table.name, set: { value } }).run()
}

/** Where the objects are. With another store than its own, a server would find everything lost. */
const ofTheStore = /^HEARTHKEEP_(BLOBS|BLOBS_DIR|S3_\w+)$/

function hasObjects(db: Orm): boolean {
  return db.select({ id: blobs.id }).from(blobs).limit(1).get() !== undefined
}

function changed(kept: Record<string, string>, changes: VariableChanges): Record<string, string> {
  const all = Object.entries({ ...kept, ...changes })
  return Object.fromEntries(all.filter((entry): entry is [string, string] => Boolean(entry[1])))
}

function requireSound({ sources, dataFolder }: Config, kept: Record<string, string>): void {
  try {
    const faults = faultsTogether(parseVariables(mergeSources({ ...sources, kept })), dataFolder)
    if (faults.length > 0) throw refused(faults)
  } catch (error) {
    throw error instanceof ConfigError ? refused(error.faults) : error
  }
}

function refused(faults: string[]): Problem {
  return new Problem('config.refused', { facts: { faults: faults.join('\n') } })
}
