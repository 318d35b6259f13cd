const day = 24 * 3_600_000
/** Nobody changes their data for that long and wants it so; most likely an app stopped saving. */
const silentDays = 14
/** Half of that: nothing is wrong yet, but it can be seen coming. */
const oldDays = 7
/** A device that is new may take until tomorrow for its first backup. */
const firstBackupDays = 1

/** When something last came from somewhere; times in milliseconds. */
export type LastBackup = {
  /** Null = nothing ever did. */
  at: number | null
  /** Since when something could have. */
  since: number
}

export type Freshness = 'good' | 'old' | 'silent' | 'never' | 'new'

/** From the best to the worst. */
export const freshnesses: readonly Freshness[] = ['good', 'new', 'old', 'silent', 'never']

export function freshnessOf({ at, since }: LastBackup, now: number): Freshness {
  if (at === null) return now - since >= firstBackupDays * day ? 'never' : 'new'
  if (now - at >= silentDays * day) return 'silent'
  return now - at >= oldDays * day ? 'old' : 'good'
}

/** Whether somebody should be asked to look at it. */
export function isOverdue(last: LastBackup, now: number): boolean {
  return ['old', 'silent', 'never'].includes(freshnessOf(last, now))
}

/**
 * Whether being asked to look still means something: what was overdue then has not saved since.
 *
 * @param nudgedAt  milliseconds; null = nobody was asked
 */
export function isNudgeStanding(nudgedAt: number | null, things: LastBackup[]): boolean {
  return nudgedAt !== null && things.some((thing) => isOverdue(thing, nudgedAt))
}

type Watched = { devices: LastBackup[]; newestAt: number | null; codes: number; createdAt: number }

/**
 * What is watched of somebody: each device that saves by itself; for whoever has none, everything together, unless they
 * keep nothing but codes.
 */
export function thingsOf({ devices, newestAt, codes, createdAt }: Watched): LastBackup[] {
  if (devices.length > 0) return devices
  return newestAt === null && codes > 0 ? [] : [{ at: newestAt, since: createdAt }]
}
