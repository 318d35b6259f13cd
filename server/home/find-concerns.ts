import type { Context } from '#server/context.ts'
import { readRecoveryCodes } from '#server/people/passkey-store.ts'
import { type AccountRow, readAccount } from '#server/people/store.ts'
import { freshnessOf, isNudgeStanding, type LastBackup, thingsOf } from './freshness.ts'
import type { KeptSlot } from './read-cloud.ts'
import type { Overview } from './read-overview.ts'

const nearlyFull = 0.9
const fewCodes = 2

/** Something a person ought to look at. */
export type Concern =
  /** A keeper asked them to look at their backups, and what was meant has not saved since. */
  | { kind: 'nudged'; at: number }
  | { kind: 'damaged'; what: 'persona' | 'cloud'; personaId: string | null; deviceName: string | null }
  | { kind: 'nearly_full'; used: number; quota: number }
  | { kind: 'backup_damaged'; name: string; backupId: string }
  /** Whoever loses that way loses the backup. */
  | { kind: 'backup_one_way'; name: string; backupId: string }
  /** Nothing at all came for two weeks. */
  | { kind: 'nothing_new'; since: number }
  | { kind: 'device_silent'; deviceName: string | null; since: number }
  | { kind: 'device_never'; deviceName: string | null; since: number }
  /** Whoever loses their passkeys and password has no way in. */
  | { kind: 'recovery_codes'; left: number }

type Seen = Omit<Overview, 'concerns'>

/** What is not as it should be, the gravest first. */
export function findConcerns(ctx: Context, accountId: string, seen: Seen): Concern[] {
  return [
    ...nudges(readAccount(ctx.db.read, accountId), seen),
    ...damagedOnes(seen),
    ...damagedBackups(seen),
    ...fullness(seen),
    ...silence(seen, ctx.clock.now()),
    ...singleWays(seen),
    ...waysBack(readRecoveryCodes(ctx.db.read, accountId)),
  ]
}

function nudges(account: AccountRow | undefined, { slots, newestAt, otpDevices }: Seen): Concern[] {
  if (!account || account.nudgedAt === null) return []
  const { createdAt, nudgedAt } = account
  const devices = slots.flatMap((slot) => lastOf(slot) ?? [])
  const codes = otpDevices.reduce((sum, { otps }) => sum + otps, 0)
  const things = thingsOf({ devices, newestAt, codes, createdAt })
  return isNudgeStanding(nudgedAt, things) ? [{ kind: 'nudged', at: nudgedAt }] : []
}

/** Null for a slot that no device has and nothing is in any more. */
function lastOf({ device, current }: KeptSlot): LastBackup | null {
  if (current) return { at: current.updatedAt, since: current.updatedAt }
  return device && { at: null, since: device.createdAt }
}

function damagedOnes({ damagedPersonas, slots }: Seen): Concern[] {
  const personas = damagedPersonas.map((personaId) => ({ what: 'persona' as const, personaId, deviceName: null }))
  const clouds = slots
    .filter(({ current }) => current?.isDamaged)
    .map(({ device }) => ({ what: 'cloud' as const, personaId: null, deviceName: device?.name ?? null }))
  return [...personas, ...clouds].map((one) => ({ kind: 'damaged', ...one }))
}

function damagedBackups({ backups }: Seen): Concern[] {
  return backups.flatMap(({ id, name, isDamaged }): Concern[] =>
    isDamaged ? [{ kind: 'backup_damaged', name, backupId: id }] : [],
  )
}

function singleWays({ backups }: Seen): Concern[] {
  return backups.flatMap(({ id, name, ways }): Concern[] =>
    ways === 1 ? [{ kind: 'backup_one_way', name, backupId: id }] : [],
  )
}

/** @param usage  bytes */
export function isNearlyFull({ live, quota }: Pick<Seen['usage'], 'live' | 'quota'>): boolean {
  return live >= quota * nearlyFull
}

function fullness({ usage }: Seen): Concern[] {
  return isNearlyFull(usage) ? [{ kind: 'nearly_full', used: usage.live, quota: usage.quota }] : []
}

/** When everything is silent that is said once, not for each device. */
function silence({ slots, newestAt }: Seen, now: number): Concern[] {
  if (newestAt !== null && freshnessOf({ at: newestAt, since: newestAt }, now) === 'silent')
    return [{ kind: 'nothing_new', since: newestAt }]
  return slots.flatMap((slot): Concern[] => {
    const last = lastOf(slot)
    const freshness = last && freshnessOf(last, now)
    const deviceName = slot.device?.name ?? null
    if (freshness === 'silent') return [{ kind: 'device_silent', deviceName, since: last?.at ?? 0 }]
    return freshness === 'never' ? [{ kind: 'device_never', deviceName, since: last?.since ?? 0 }] : []
  })
}

function waysBack({ left }: { left: number }): Concern[] {
  return left <= fewCodes ? [{ kind: 'recovery_codes', left }] : []
}
