import { and, asc, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { accounts, blobs } from '#db/schema/index.ts'

export type BlobRow = typeof blobs.$inferSelect

const queries = prepared((db) => ({
  read: db
    .select()
    .from(blobs)
    .where(eq(blobs.id, sql.placeholder('id')))
    .prepare(),
  liveBytes: db
    .select({ bytes: sql<number>`coalesce(sum(${blobs.size}), 0)` })
    .from(blobs)
    .where(and(eq(blobs.accountId, unplanned('accountId')), eq(blobs.state, 'live')))
    .prepare(),
  quota: db
    .select({ bytes: accounts.quotaBytes })
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('accountId')))
    .prepare(),
  supersede: db
    .update(blobs)
    .set({
      state: sql`case when ${blobs.state} = 'live' then 'superseded' else ${blobs.state} end`,
      supersededAt: sql`max(${sql.placeholder('at')}, ${blobs.createdAt}, coalesce((select h.superseded_at
        from blobs h where h.owner_kind = ${blobs.ownerKind} and h.owner_id = ${blobs.ownerId}
        and h.version < ${blobs.version} order by h.version desc limit 1), 0))`,
    })
    .where(eq(blobs.id, unplanned('id')))
    .prepare(),
  insert: db
    .insert(blobs)
    .values({
      id: sql.placeholder('id'),
      size: sql.placeholder('size'),
      sha256: sql.placeholder('sha256'),
      crc32: sql.placeholder('crc32'),
      state: 'live',
      ownerKind: sql.placeholder('ownerKind'),
      ownerId: sql.placeholder('ownerId'),
      accountId: sql.placeholder('accountId'),
      version: sql.placeholder('version'),
      mediaType: sql.placeholder('mediaType'),
      createdAt: sql.placeholder('createdAt'),
    })
    .prepare(),
}))

export type NewBlob = Pick<
  BlobRow,
  'id' | 'size' | 'sha256' | 'crc32' | 'ownerKind' | 'ownerId' | 'accountId' | 'version' | 'mediaType' | 'createdAt'
>

export function readBlob(db: Orm, id: string): BlobRow | undefined {
  return queries(db).read.get({ id })
}

export function insertBlob(db: Orm, blob: NewBlob): void {
  queries(db).insert.run(blob)
}

/** Bytes that count against a person's quota. */
export function readLiveBytes(db: Orm, accountId: string): number {
  return queries(db).liveBytes.get({ accountId })?.bytes ?? 0
}

/** A person's own quota in bytes; null = the server's default. */
export function readQuota(db: Orm, accountId: string): number | null {
  return queries(db).quota.get({ accountId })?.bytes ?? null
}

/**
 * Move an object into history. One in quarantine stays there, so that nobody drops it unseen. Time never runs back
 * within one history: a clock that was behind for a while must not cut short what it is kept for.
 */
export function supersedeBlob(db: Orm, id: string, at: number): void {
  queries(db).supersede.run({ id, at })
}

/** Make an object of the history the current one again, under a new version. */
export function reviveBlob(db: Orm, id: string, version: number): boolean {
  const changed = db
    .update(blobs)
    .set({ state: 'live', supersededAt: null, version })
    .where(and(eq(blobs.id, id), eq(blobs.state, 'superseded')))
    .run()
  return changed.changes === 1
}

export function quarantineBlob(db: Orm, id: string, fault: string): boolean {
  const changed = db
    .update(blobs)
    .set({ state: 'quarantined', fault })
    .where(and(eq(blobs.id, id), inArray(blobs.state, ['live', 'superseded'])))
    .run()
  return changed.changes === 1
}

/** The object was found whole after all. */
export function releaseBlob(db: Orm, id: string): void {
  db.update(blobs)
    .set({ state: sql`case when ${blobs.supersededAt} is null then 'live' else 'superseded' end`, fault: null })
    .where(and(eq(blobs.id, id), eq(blobs.state, 'quarantined')))
    .run()
}

/** Superseded versions of one object, newest first. */
export function listHistory(db: Orm, ownerKind: string, ownerId: string): BlobRow[] {
  return db
    .select()
    .from(blobs)
    .where(and(eq(blobs.ownerKind, ownerKind), eq(blobs.ownerId, ownerId), eq(blobs.state, 'superseded')))
    .orderBy(desc(blobs.version))
    .all()
}

export type Retention = { versions: number; before: number; defaultQuota: number }

/**
 * Superseded objects that have outlived their retention: beyond the newest `versions` of their owner, superseded
 * before `before` (ms), or past the person's quota for history, newest kept first.
 */
export function listExpired(db: Orm, { versions, before, defaultQuota }: Retention, limit: number): string[] {
  const rows = db.all<{ id: string }>(sql`
    with history as (
      select b.id, b.superseded_at,
        row_number() over (partition by b.owner_kind, b.owner_id order by b.version desc) as place,
        sum(b.size) over (partition by b.account_id order by b.superseded_at desc, b.id desc) as bytes,
        coalesce(a.quota_bytes, ${defaultQuota}) as quota
      from blobs b left join accounts a on a.id = b.account_id
      where b.state = 'superseded'
    )
    select id from history
    where place > ${versions} or superseded_at < ${before} or bytes > quota
    limit ${limit}`)
  return rows.map((row) => row.id)
}

/** Claim objects for deletion, so that nobody can restore them from here on. @returns those claimed, now or earlier */
export function claimForReaping(db: Orm, ids: string[]): string[] {
  if (ids.length > 0)
    db.update(blobs)
      .set({ state: 'reaping' })
      .where(and(inArray(blobs.id, ids), eq(blobs.state, 'superseded')))
      .run()
  return db
    .select({ id: blobs.id })
    .from(blobs)
    .where(eq(blobs.state, 'reaping'))
    .orderBy(asc(blobs.id))
    .all()
    .map((row) => row.id)
}

export function forgetBlobs(db: Orm, ids: string[]): void {
  if (ids.length > 0)
    db.delete(blobs)
      .where(and(inArray(blobs.id, ids), eq(blobs.state, 'reaping')))
      .run()
}

/** What a person's objects take, in bytes: what stands now, and what is kept of earlier versions. */
export function readUsageOf(db: Orm, accountId: string): { live: number; history: number } {
  const rows = db
    .select({ state: blobs.state, bytes: sql<number>`coalesce(sum(${blobs.size}), 0)` })
    .from(blobs)
    .where(and(eq(blobs.accountId, accountId), inArray(blobs.state, ['live', 'superseded'])))
    .groupBy(blobs.state)
    .all()
  const bytesOf = (state: BlobRow['state']) => rows.find((row) => row.state === state)?.bytes ?? 0
  return { live: bytesOf('live'), history: bytesOf('superseded') }
}

export type Usage = { state: BlobRow['state']; objects: number; bytes: number }

export function readUsage(db: Orm): Usage[] {
  return db
    .select({
      state: blobs.state,
      objects: sql<number>`count(*)`,
      bytes: sql<number>`coalesce(sum(${blobs.size}), 0)`,
    })
    .from(blobs)
    .where(ne(blobs.state, 'reaping'))
    .groupBy(blobs.state)
    .all()
}
