import { and, count, eq, gt, ne, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared } from '#db/prepared.ts'
import { knownPlaces } from '#db/schema/index.ts'
import { addressGroup } from '#server/http/peer.ts'
import type { Clock } from '#server/kit/clock.ts'
import { deviceName } from './device-name.ts'

type Visit = { accountId: string; address: string; userAgent: string | null }

/** How long after somebody's last sign-in from a place it is theirs. */
const lately = 180 * 24 * 3_600_000
/** How exactly that is known. */
const noticed = 3_600_000
const mostPlaces = 100

const queries = prepared((db) => ({
  one: db
    .select({ lastAt: knownPlaces.lastAt })
    .from(knownPlaces)
    .where(
      and(
        eq(knownPlaces.accountId, sql.placeholder('accountId')),
        eq(knownPlaces.address, sql.placeholder('address')),
        eq(knownPlaces.device, sql.placeholder('device')),
      ),
    )
    .prepare(),
  lately: db
    .select({ lastAt: knownPlaces.lastAt })
    .from(knownPlaces)
    .where(
      and(
        eq(knownPlaces.accountId, sql.placeholder('accountId')),
        eq(knownPlaces.address, sql.placeholder('address')),
        gt(knownPlaces.lastAt, sql.placeholder('since')),
      ),
    )
    .limit(1)
    .prepare(),
}))

/** Whether somebody signed in from this address lately, by whatever device. */
export function isKnownAddress(ctx: { clock: Clock }, db: Orm, accountId: string, address: string): boolean {
  const since = ctx.clock.now() - lately
  return queries(db).lately.get({ accountId, address: addressGroup(address), since }) !== undefined
}

/** Whether a sign-in from there has to be written down: the first in an hour. */
export function isWorthNoting(ctx: { clock: Clock }, db: Orm, visit: Visit): boolean {
  const lastAt = queries(db).one.get(placeOf(visit))?.lastAt ?? 0
  return Math.abs(ctx.clock.now() - lastAt) >= noticed
}

/**
 * Write down from where somebody has just signed in.
 *
 * @returns whether they never did from there, while they did from elsewhere: worth telling them
 */
export function notePlace(ctx: { clock: Clock }, tx: Orm, visit: Visit): boolean {
  const place = placeOf(visit)
  const now = ctx.clock.now()
  const before = queries(tx).one.get(place)
  if (before && before.lastAt > 0) {
    if (isWorthNoting(ctx, tx, visit)) tx.update(knownPlaces).set({ lastAt: now }).where(isPlace(place)).run()
    return false
  }
  const known = tx.select({ n: count() }).from(knownPlaces).where(eq(knownPlaces.accountId, visit.accountId)).get()
  tx.insert(knownPlaces)
    .values({ ...place, firstAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [knownPlaces.accountId, knownPlaces.address, knownPlaces.device],
      set: { lastAt: now },
    })
    .run()
  const places = known?.n ?? 0
  if (places >= mostPlaces) forgetOldest(tx, visit.accountId)
  return places > 0
}

/** After the password was changed: whoever knew the old one may have made a place known. @param kept  where it was changed */
export function distrustOtherPlaces(tx: Orm, accountId: string, kept: string): void {
  tx.update(knownPlaces)
    .set({ lastAt: 0 })
    .where(and(eq(knownPlaces.accountId, accountId), ne(knownPlaces.address, addressGroup(kept))))
    .run()
}

type Place = { accountId: string; address: string; device: string }

function placeOf({ accountId, address, userAgent }: Visit): Place {
  return { accountId, address: addressGroup(address), device: deviceName(userAgent) ?? '' }
}

function isPlace({ accountId, address, device }: Place) {
  return and(eq(knownPlaces.accountId, accountId), eq(knownPlaces.address, address), eq(knownPlaces.device, device))
}

function forgetOldest(tx: Orm, accountId: string): void {
  tx.run(sql`delete from ${knownPlaces} where rowid in
    (select rowid from ${knownPlaces} where ${eq(knownPlaces.accountId, accountId)} order by last_at limit 1)`)
}
