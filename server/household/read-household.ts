import type { Context } from '#server/context.ts'
import {
  type Freshness,
  freshnesses,
  freshnessOf,
  isNudgeStanding,
  isOverdue,
  thingsOf,
} from '#server/home/freshness.ts'
import type { AccountRow } from '#server/people/store.ts'
import {
  countBackups,
  countCodes,
  countLogs,
  countPersonas,
  type Kept,
  listAccounts,
  listCloudDevices,
  listLastSeen,
  sumLiveBytes,
} from './household-store.ts'

type CloudDevice = ReturnType<typeof listCloudDevices>[number]

/** A device that saves by itself. Times in milliseconds, sizes in bytes. */
export type WatchedDevice = Pick<CloudDevice, 'id' | 'name' | 'at' | 'since' | 'size'> & {
  freshness: Freshness
  isDamaged: boolean
}

/**
 * One person as a keeper sees them: how much there is and since when, never what it is or what they call it. Names of
 * devices are told, for somebody has to say which phone it is.
 */
export type HouseholdMember = Pick<
  AccountRow,
  'id' | 'email' | 'username' | 'role' | 'createdAt' | 'nudgedAt' | 'disabledAt' | 'deleteAt' | 'shutByKeeper'
> & {
  name: string
  door: 'open' | 'disabled' | 'leaving'
  /** `own` = their own quota, null for the server's default. */
  space: { used: number; quota: number; own: number | null }
  devices: WatchedDevice[]
  kept: Record<'personas' | 'backups' | 'codes' | 'logs', Kept>
  /** Codes do not count: they are put in by hand, once. */
  newestAt: number | null
  /** By a session, or by something that came. */
  lastSeenAt: number | null
  /** Of their worst device; of everything together for whoever has none. */
  freshness: Freshness
  isOverdue: boolean
  isNudgeStanding: boolean
}

/** Enough for the command line, which has no whole server. */
type HouseholdNeeds = Pick<Context, 'clock' | 'settings'> & { db: Pick<Context['db'], 'read'> }

/** Everybody here, the longest first. */
export function readHousehold(ctx: HouseholdNeeds): HouseholdMember[] {
  return read(ctx)
}

/** @returns undefined for nobody */
export function readHouseholdMember(ctx: HouseholdNeeds, accountId: string): HouseholdMember | undefined {
  return read(ctx, accountId)[0]
}

function read({ db, clock, settings }: HouseholdNeeds, only?: string): HouseholdMember[] {
  const now = clock.now()
  const cloud = Map.groupBy(listCloudDevices(db.read, only), ({ accountId }) => accountId)
  const bytes = byAccount(sumLiveBytes(db.read, only))
  const seen = byAccount(listLastSeen(db.read, only))
  const kinds = {
    personas: byAccount(countPersonas(db.read, only)),
    backups: byAccount(countBackups(db.read, only)),
    codes: byAccount(countCodes(db.read, only)),
    logs: byAccount(countLogs(db.read, only)),
  }
  return listAccounts(db.read, only).map((account) => {
    const { id } = account
    const devices = (cloud.get(id) ?? []).map((device) => watched(device, now))
    const keptOf = (kind: keyof typeof kinds) => ({
      count: kinds[kind].get(id)?.count ?? 0,
      at: kinds[kind].get(id)?.at ?? null,
    })
    const kept = {
      personas: keptOf('personas'),
      backups: keptOf('backups'),
      codes: keptOf('codes'),
      logs: keptOf('logs'),
    }
    const newestAt = latest([...devices, kept.personas, kept.backups, kept.logs].map(({ at }) => at))
    const things = thingsOf({ devices, newestAt, codes: kept.codes.count, createdAt: account.createdAt })
    return {
      ...account,
      name: account.email ?? account.username ?? '',
      door: doorOf(account),
      space: {
        used: bytes.get(id)?.bytes ?? 0,
        quota: account.quotaBytes ?? settings.values.quotaBytes,
        own: account.quotaBytes,
      },
      devices,
      kept,
      newestAt,
      lastSeenAt: latest([newestAt, kept.codes.at, seen.get(id)?.at ?? null]),
      freshness: worst(things.map((thing) => freshnessOf(thing, now))),
      isOverdue: things.some((thing) => isOverdue(thing, now)),
      isNudgeStanding: isNudgeStanding(account.nudgedAt, things),
    }
  })
}

function watched({ id, name, at, since, size, state }: CloudDevice, now: number): WatchedDevice {
  return { id, name, at, since, size, freshness: freshnessOf({ at, since }, now), isDamaged: state === 'quarantined' }
}

function doorOf({ disabledAt, deleteAt }: Pick<AccountRow, 'disabledAt' | 'deleteAt'>): HouseholdMember['door'] {
  if (disabledAt === null) return 'open'
  return deleteAt === null ? 'disabled' : 'leaving'
}

function worst(all: Freshness[]): Freshness {
  return freshnesses[Math.max(...all.map((one) => freshnesses.indexOf(one)))] ?? 'good'
}

function latest(times: Array<number | null>): number | null {
  const known = times.filter((at) => at !== null)
  return known.length > 0 ? Math.max(...known) : null
}

function byAccount<T extends { accountId: string | null }>(rows: T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.accountId ?? '', row]))
}
