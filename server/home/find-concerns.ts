import type { Context } from '#server/context.ts'
import { readRecoveryCodes } from '#server/people/passkey-store.ts'
import type { Overview } from './read-overview.ts'

const day = 24 * 3_600_000
/** Nobody changes their data for that long and wants it so; most likely an app stopped saving. */
const silentDays = 14
/** A device that is new may take until tomorrow for its first backup. */
const firstBackupDays = 1
const nearlyFull = 0.9
const fewCodes = 2

/** Something a person ought to look at. */
export type Concern =
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
    ...damagedOnes(seen),
    ...damagedBackups(seen),
    ...fullness(seen),
    ...silence(seen, ctx.clock.now()),
    ...singleWays(seen),
    ...waysBack(readRecoveryCodes(ctx.db.read, accountId)),
  ]
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

function fullness({ usage }: Seen): Concern[] {
  if (usage.live < usage.quota * nearlyFull) return []
  return [{ kind: 'nearly_full', used: usage.live, quota: usage.quota }]
}

/** When everything is silent that is said once, not for each device. */
function silence({ slots, newestAt }: Seen, now: number): Concern[] {
  const isSilent = (at: number) => now - at >= silentDays * day
  if (newestAt !== null && isSilent(newestAt)) return [{ kind: 'nothing_new', since: newestAt }]
  return slots.flatMap(({ device, current }): Concern[] => {
    const deviceName = device?.name ?? null
    if (current)
      return isSilent(current.updatedAt) ? [{ kind: 'device_silent', deviceName, since: current.updatedAt }] : []
    const isOverdue = device !== null && now - device.createdAt >= firstBackupDays * day
    return isOverdue ? [{ kind: 'device_never', deviceName, since: device.createdAt }] : []
  })
}

function waysBack({ left }: { left: number }): Concern[] {
  return left <= fewCodes ? [{ kind: 'recovery_codes', left }] : []
}
