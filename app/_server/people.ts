import { isOverdue } from '#server/home/freshness.ts'
import { findHouseholdConcerns, type HouseholdConcern } from '#server/household/find-household-concerns.ts'
import { type HouseholdMember, readHousehold, readHouseholdMember } from '#server/household/read-household.ts'
import { Problem } from '#server/kit/problem.ts'
import { type ListedInvitation, listInvitations } from '#server/people/invitations.ts'
import {
  deletePerson,
  disablePerson,
  enablePerson,
  endInvitation,
  type GivenInvitation,
  type IssuedLink,
  invite,
  issueResetLink,
  type MadeInvitation,
  removePasskeyOf,
  setQuota,
  setRole,
  signOutPerson,
} from '#server/people/keep-people.ts'
import { isNudgedToday, nudgePerson } from '#server/people/nudge-person.ts'
import { readSecurity, type SecurityOverview } from '#server/people/read-security.ts'
import { type RegistrationPolicy, registrationPolicy } from '#server/people/registration.ts'
import { readAccount } from '#server/people/store.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'

export type { GivenInvitation, HouseholdConcern, HouseholdMember, IssuedLink, ListedInvitation, MadeInvitation }

/** Somebody, and whether they may be reminded now. */
export type ListedPerson = HouseholdMember & { mayNudge: boolean }

export type People = {
  people: ListedPerson[]
  invitations: ListedInvitation[]
  policy: RegistrationPolicy
  /** Bytes. */
  standardQuota: number
  now: number
}

/** Everybody as keepers see them. */
export function peopleFor(_admin: Admin): People {
  const { ctx } = house()
  const now = ctx.clock.now()
  return {
    people: readHousehold(ctx).map((person) => ({ ...person, mayNudge: mayNudge(person, now) })),
    invitations: listInvitations(ctx, ctx.db.read),
    policy: registrationPolicy(ctx.settings),
    standardQuota: ctx.settings.values.quotaBytes,
    now,
  }
}

export type OnePerson = {
  person: ListedPerson
  /** How they get in; what is theirs alone, as labels of sessions, is left out. */
  ways: Pick<SecurityOverview, 'hasPassword' | 'recovery'> & {
    passkeys: Array<Pick<SecurityOverview['passkeys'][number], 'credentialId' | 'label' | 'createdAt' | 'lastUsedAt'>>
    sessions: number
  }
  graceDays: number
  openInvitations: number
  policy: RegistrationPolicy
  standardQuota: number
  now: number
}

/** @returns null for nobody */
export function personFor(_admin: Admin, id: string): OnePerson | null {
  const { ctx } = house()
  const person = readHouseholdMember(ctx, id)
  if (!person) return null
  const { passkeys, hasPassword, recovery, sessions } = readSecurity(ctx, { accountId: id, sessionId: null })
  const now = ctx.clock.now()
  return {
    person: { ...person, mayNudge: mayNudge(person, now) },
    ways: {
      hasPassword,
      recovery,
      passkeys: passkeys.map(({ credentialId, label, createdAt, lastUsedAt }) => ({
        credentialId,
        label,
        createdAt,
        lastUsedAt,
      })),
      sessions: sessions.length,
    },
    graceDays: ctx.settings.values.accountGraceDays,
    openInvitations: listInvitations(ctx, ctx.db.read).filter(({ state }) => state === 'good').length,
    policy: registrationPolicy(ctx.settings),
    standardQuota: ctx.settings.values.quotaBytes,
    now,
  }
}

/** What a keeper ought to look at. */
export function householdConcernsFor(_admin: Admin): HouseholdConcern[] {
  return findHouseholdConcerns(house().ctx)
}

function mayNudge({ door, isOverdue: overdue, nudgedAt }: HouseholdMember, now: number): boolean {
  return door === 'open' && overdue && !isNudgedToday(nudgedAt, now)
}

/** @param nameless  what to call a device without a name. @throws as `nudgePerson`; input.invalid when nothing is overdue */
export async function nudgeFor(admin: Admin, personId: string, nameless: string): Promise<{ byMail: boolean }> {
  const { ctx } = house()
  const person = readHouseholdMember(ctx, personId)
  if (!person) throw new Problem('not_found')
  if (!person.isOverdue) throw new Problem('input.invalid')
  const late = person.devices.filter((device) => isOverdue(device, ctx.clock.now()))
  return nudgePerson(ctx, admin, { personId, devices: late.map(({ name }) => name ?? nameless) })
}

export const inviteFor = (admin: Admin, given: GivenInvitation): Promise<MadeInvitation> =>
  invite(house().ctx, admin, given)
export const endInvitationFor = (admin: Admin, id: string): Promise<void> => endInvitation(house().ctx, admin, id)
export const setRoleFor = (admin: Admin, change: Parameters<typeof setRole>[2]): Promise<void> =>
  setRole(house().ctx, admin, change)
export const setQuotaFor = (admin: Admin, change: Parameters<typeof setQuota>[2]): Promise<void> =>
  setQuota(house().ctx, admin, change)
export const disableFor = (admin: Admin, id: string): Promise<void> => disablePerson(house().ctx, admin, id)
export const enableFor = (admin: Admin, id: string): Promise<void> => enablePerson(house().ctx, admin, id)
export const signOutFor = (admin: Admin, id: string): Promise<number> => signOutPerson(house().ctx, admin, id)
export const issueResetLinkFor = (admin: Admin, id: string): Promise<IssuedLink> =>
  issueResetLink(house().ctx, admin, id)
export const removePasskeyFor = (admin: Admin, which: Parameters<typeof removePasskeyOf>[2]): Promise<void> =>
  removePasskeyOf(house().ctx, admin, which)

/** What somebody is called, to be typed out before they are deleted. @throws not_found */
export function nameFor(_admin: Admin, id: string): string {
  const account = readAccount(house().ctx.db.read, id)
  if (!account) throw new Problem('not_found')
  return account.email ?? account.username ?? ''
}

export const deleteFor = (admin: Admin, id: string): Promise<void> => deletePerson(house().ctx, admin, id)
