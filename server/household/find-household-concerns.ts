import type { Context } from '#server/context.ts'
import { isNearlyFull } from '#server/home/find-concerns.ts'
import { type HouseholdMember, readHousehold } from './read-household.ts'

/** Something in the house that a keeper ought to look at. */
export type HouseholdConcern = {
  person: Pick<HouseholdMember, 'id' | 'name'>
} & (
  | { kind: 'damaged' | 'device_silent' | 'device_never'; deviceName: string | null }
  /** Nothing at all came from them for two weeks. */
  | { kind: 'nothing_new'; since: number }
  | { kind: 'nearly_full'; used: number; quota: number }
)

/** What is not as it should be with people who may get in, the gravest first. */
export function findHouseholdConcerns(ctx: Context): HouseholdConcern[] {
  return concernsAmong(readHousehold(ctx))
}

const order: Array<HouseholdConcern['kind']> = [
  'damaged',
  'nothing_new',
  'device_silent',
  'device_never',
  'nearly_full',
]

export function concernsAmong(household: HouseholdMember[]): HouseholdConcern[] {
  return household
    .filter(({ door }) => door === 'open')
    .flatMap(concernsOf)
    .toSorted((one, other) => order.indexOf(one.kind) - order.indexOf(other.kind))
}

function concernsOf({ id, name, devices, newestAt, freshness, space }: HouseholdMember): HouseholdConcern[] {
  const person = { id, name }
  const found: HouseholdConcern[] = devices
    .filter(({ isDamaged }) => isDamaged)
    .map((device) => ({ kind: 'damaged', person, deviceName: device.name }))
  const isSilent = newestAt !== null && freshness === 'silent'
  if (devices.length === 0 && isSilent) found.push({ kind: 'nothing_new', person, since: newestAt })
  for (const device of devices) {
    if (device.freshness === 'silent') found.push({ kind: 'device_silent', person, deviceName: device.name })
    if (device.freshness === 'never') found.push({ kind: 'device_never', person, deviceName: device.name })
  }
  if (isNearlyFull({ live: space.used, quota: space.quota }))
    found.push({ kind: 'nearly_full', person, used: space.used, quota: space.quota })
  return found
}
