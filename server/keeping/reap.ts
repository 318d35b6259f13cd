import type { Database } from '#db/client.ts'
import { nameOfPlace } from '#server/blobs/place.ts'
import type { SwitchingStore } from '#server/blobs/switching-store.ts'
import type { Config } from '#server/config/env.ts'
import { interruptedRestore } from '#server/config/restoring.ts'
import type { Settings } from '#server/config/settings.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Log } from '#server/kit/log.ts'
import { claimForReaping, forgetBlobs, listExpired, readBlob } from '#server/vault/store.ts'
import type { Vault } from '#server/vault/vault.ts'

type Needs = {
  db: Database
  blobs: SwitchingStore
  vault: Vault
  clock: Clock
  /** By which things are old. */
  settled: { now(): number }
  settings: Settings
  config: Pick<Config, 'dataFolder'>
  log: Log
  /** While a server is brought back into this one's store, nobody here knows its objects. */
  setup: { readonly isRestoring: boolean }
}

const hour = 3_600_000
const day = 24 * hour
const batch = 500
/** Taken on in one run, so that sixteen phones saving all day do not get ahead of it; SQLite takes 32 766 values. */
const mostInOneRun = 10_000

/**
 * Delete history that has outlived its retention. An object is claimed in the database before it is deleted, so a
 * restore at the same moment either wins or finds nothing, and a crash in between is finished by the next run.
 *
 * @returns how many objects went
 */
export async function reapHistory(ctx: Needs): Promise<number> {
  const { historyVersions, historyDays, quotaBytes } = ctx.settings.values
  const retention = {
    versions: historyVersions,
    before: ctx.settled.now() - historyDays * day,
    defaultQuota: quotaBytes,
  }
  const expired = listExpired(ctx.db.read, retention, mostInOneRun)
  const claimed = await ctx.db.write((tx) => claimForReaping(tx, expired))
  let count = 0
  for (let start = 0; start < claimed.length; start += batch) {
    const deleted = await deleteEach(ctx, claimed.slice(start, start + batch))
    if (deleted.length === 0) break
    await ctx.db.write((tx) => forgetBlobs(tx, deleted))
    count += deleted.length
  }
  return count
}

/** One object that cannot be deleted must not keep the others; a store that is away is given up after three. */
async function deleteEach({ blobs, log }: Needs, ids: string[]): Promise<string[]> {
  const deleted: string[] = []
  let inARow = 0
  for (const id of ids) {
    try {
      await blobs.delete(id)
      deleted.push(id)
      inARow = 0
    } catch (error) {
      log.warn({ error, blob: id }, 'an object could not be removed; the next run tries again')
      inARow += 1
      if (inARow === 3) break
    }
  }
  return deleted
}

/**
 * Delete objects that no row knows and that are older than an hour, and what interrupted uploads left behind. Objects
 * that were there before this database are never touched: somebody may have pointed a new server at an old bucket.
 *
 * @returns how many objects went
 */
export async function reapOrphans(ctx: Needs): Promise<number> {
  const isForeign = () => ctx.setup.isRestoring || interruptedRestore(ctx.config) !== null
  // What a restore that stopped half-way has brought is what it goes on with, and no row knows it yet.
  if (isForeign()) return 0
  const since = await adoptStore(ctx)
  const before = new Date(ctx.settled.now() - hour)
  let count = await ctx.blobs.sweepPartials(before, (id) => ctx.vault.isInFlight(id))
  for await (const object of ctx.blobs.list()) {
    if (object.modifiedAt >= before || object.modifiedAt.getTime() < since) continue
    if (ctx.vault.isInFlight(object.id) || readBlob(ctx.db.read, object.id)) continue
    if (isForeign()) return count
    ctx.log.info({ blob: object.id, size: object.size }, 'removed an object that nothing points to')
    await ctx.blobs.delete(object.id)
    count++
  }
  return count
}

/**
 * Decide, once a store, which of its objects may be swept: all, when it was empty when first used; otherwise only those
 * that come from then on.
 *
 * @returns milliseconds; older objects are left alone
 */
async function adoptStore({ settings, blobs, clock }: Needs): Promise<number> {
  const store = nameOfPlace(blobs.place)
  const known = settings.values.sweep
  if (known?.store === store) return known.since
  let empty = true
  for await (const _object of blobs.list()) {
    empty = false
    break
  }
  const since = empty ? 0 : clock.now()
  await settings.set({ sweep: { store, since } })
  return since
}
