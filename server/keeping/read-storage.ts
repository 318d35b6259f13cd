import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { jobs } from '#db/schema/index.ts'
import type { Place } from '#server/blobs/place.ts'
import type { WorkState } from '#server/kit/background-work.ts'
import { readUsage, type Usage } from '#server/vault/store.ts'
import { pinnedPlaceNames } from './choose-place.ts'
import { readState } from './keeping-state.ts'
import { listQuarantined, type QuarantinedObject } from './list-quarantined.ts'
import { type Move, readMove } from './move-state.ts'
import { countMoved, type MoveCount } from './moved-objects.ts'
import type { RunningServer } from './needs.ts'
import { listSamples, type StorageSample, sampleOf } from './sample-storage.ts'

/** A place as keepers see it: no keys. */
export type ShownPlace =
  | { kind: 'disk'; folder: string; isOwn: boolean }
  | { kind: 's3'; endpoint: string | null; region: string; bucket: string; prefix: string; forcePathStyle: boolean }

/** Bytes, as the system tells. */
export type Room = { free: number; total: number }

export type ShownMove = Omit<Move, 'from' | 'to' | 'since' | 'toSince'> & {
  from: ShownPlace
  to: ShownPlace
  count: MoveCount
  /** Milliseconds; null while nobody can tell. */
  left: number | null
}

/** Times in milliseconds. */
export type LastRun = { at: number; outcome: string } | null

export type StorageOverview = {
  place: ShownPlace
  /** Variables of the environment that say where objects lie; none = the keeper may. */
  pinned: string[]
  usage: Usage[]
  /** Of the disk the objects lie on; null on S3. */
  room: Room | null
  /** Of the disk of the data folder, and what the database takes of it. */
  dataRoom: Room | null
  databaseBytes: number
  samples: StorageSample[]
  move: ShownMove | null
  history: { versions: number; days: number }
  reaper: { history: LastRun; orphans: LastRun }
  scrub: {
    days: number
    round: { objects: number; bytes: number; faults: number; startedAt: number } | null
    lastRound: { objects: number; bytes: number; faults: number; finishedAt: number } | null
    /** The keeper's own, since the start. */
    work: WorkState | null
  }
  quarantined: QuarantinedObject[]
}

const sampleDays = 90

/** Everything about where bytes lie and how they are. */
export async function readStorage(ctx: RunningServer): Promise<StorageOverview> {
  const { config, db, settings } = ctx
  const { historyVersions, historyDays, scrubDays } = settings.values
  const place = shownPlace(ctx.blobs.place, config.dataFolder)
  const round = readState(db.read, 'scrub.round')?.details ?? null
  return {
    place,
    pinned: pinnedPlaceNames(ctx),
    usage: readUsage(db.read),
    room: place.kind === 'disk' ? await roomOf(place.folder) : null,
    dataRoom: await roomOf(config.dataFolder),
    databaseBytes: await sizeOf(db.path),
    samples: withToday(listSamples(db.read, ctx.clock.now(), sampleDays), sampleOf(db.read, ctx.clock.now())),
    move: readShownMove(ctx),
    history: { versions: historyVersions, days: historyDays },
    reaper: { history: lastRunOf(db.read, 'reap-history'), orphans: lastRunOf(db.read, 'reap-orphans') },
    scrub: {
      days: scrubDays,
      round: round && {
        objects: round.objects,
        bytes: round.bytes,
        faults: round.faults,
        startedAt: round.roundStartedAt,
      },
      lastRound: round?.lastRound ?? null,
      work: ctx.work.stateOf('scrub'),
    },
    quarantined: listQuarantined(db.read),
  }
}

/** The day is not over: what was noted of it may be an hour old. */
function withToday(samples: StorageSample[], today: StorageSample): StorageSample[] {
  return [...samples.filter(({ day }) => day !== today.day), today]
}

/** How far the move is; null when nothing has moved yet. */
export function readShownMove(ctx: RunningServer): ShownMove | null {
  const move = readMove(ctx.db.read, ctx.secrets)
  if (!move) return null
  const { since: _since, toSince: _toSince, from, to, ...rest } = move
  const count = countMoved(ctx.db.read)
  const { dataFolder } = ctx.config
  return {
    ...rest,
    from: shownPlace(from, dataFolder),
    to: shownPlace(to, dataFolder),
    count,
    left: timeLeft(move, count, ctx.clock.now()),
  }
}

/** By objects or by bytes, whichever takes longer: many small ones are as slow as a large one. */
function timeLeft({ phase, sitting, trouble }: Move, count: MoveCount, now: number): number | null {
  const passed = now - sitting.startedAt
  if ((phase !== 'copying' && phase !== 'switched') || trouble || sitting.objects === 0 || passed < 1_000) return null
  const byObjects = ((count.objects - count.movedObjects) * passed) / sitting.objects
  const byBytes = sitting.bytes > 0 ? ((count.bytes - count.movedBytes) * passed) / sitting.bytes : 0
  return Math.max(0, byObjects, byBytes)
}

export function shownPlace(place: Place, dataFolder: string): ShownPlace {
  if (place.kind === 'disk')
    return { kind: 'disk', folder: place.folder ?? join(dataFolder, 'blobs'), isOwn: place.folder === null }
  const { endpoint = null, region, bucket, prefix, forcePathStyle } = place.s3
  return { kind: 's3', endpoint, region, bucket, prefix, forcePathStyle }
}

export async function roomOf(folder: string): Promise<Room | null> {
  const disk = await statfs(folder).catch(() => null)
  return disk && { free: disk.bavail * disk.bsize, total: disk.blocks * disk.bsize }
}

async function sizeOf(path: string): Promise<number> {
  const sizes = await Promise.all(
    [path, `${path}-wal`].map((one) =>
      stat(one).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function lastRunOf(db: Orm, name: string): LastRun {
  const row = db.select().from(jobs).where(eq(jobs.name, name)).get()
  return row?.finishedAt ? { at: row.finishedAt, outcome: row.outcome ?? 'ok' } : null
}
