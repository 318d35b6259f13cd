import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accounts, auditEvents, invitations, sessions } from '#db/schema/index.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { listInvitations, makeInvitation, type NewInvitation, openInvitation, revokeInvitation } from './invitations.ts'
import { type Joining, join } from './join.ts'
import { signIn } from './sign-in.ts'
import { readWebSession } from './web-session.ts'

const day = 24 * 3_600_000
const password = 'a password of some length'

let house: TestHome
beforeEach(async () => {
  house = await testHome({ HEARTHKEEP_REGISTRATION: 'invite' })
})
afterEach(() => house[Symbol.asyncDispose]())

const arrival = (address = '192.168.1.7') => ({
  address,
  userAgent: 'Firefox',
  replaces: null,
  language: 'en' as const,
})
const invite = (more: Partial<NewInvitation> = {}) =>
  house.ctx.db.write((tx) =>
    makeInvitation(house.ctx, tx, { role: 'member', quotaBytes: null, uses: 1, days: 7, madeBy: null, ...more }),
  )
const enter = (name: string, invitation: string | null, more: Partial<Joining> = {}, address?: string) =>
  join(house.ctx, { name, password, invitation, ...more }, arrival(address))
const people = () => house.ctx.db.read.select().from(accounts).all()
const used = () =>
  house.ctx.db.read
    .select()
    .from(invitations)
    .all()
    .map((row) => row.used)
const refused = { code: 'invitation.refused' }

describe('joining by invitation', () => {
  test('makes an account with what the invitation grants, signed in at once', async () => {
    const { code } = await invite({ role: 'admin', quotaBytes: 5_000 })
    const token = await enter(' Ada@X.org ', code)
    expect(people()).toMatchObject([{ email: 'ada@x.org', username: null, role: 'admin', quotaBytes: 5_000 }])
    expect(await readWebSession(house.ctx, token)).toMatchObject({ name: 'ada@x.org', role: 'admin' })
    expect(await signIn(house.ctx, 'ada@x.org', password, '::1')).toMatchObject({ email: 'ada@x.org' })
    expect(used()).toEqual([1])
  })

  test('takes the code however it is typed, and keeps only its hash', async () => {
    const { code } = await invite()
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(JSON.stringify(house.ctx.db.read.select().from(invitations).all())).not.toContain(code)
    expect(JSON.stringify(house.ctx.db.read.select().from(auditEvents).all())).not.toContain(code)
    await enter('ada_l', ` ${code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `)
    expect(people()).toMatchObject([{ email: null, username: 'ada_l', role: 'member' }])
  })

  test('gives the last use to one of many who come at once', async () => {
    const { code } = await invite({ uses: 3 })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => enter(`person_${index}`, code, {}, `10.0.0.${index}`)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(refused)
    expect(people()).toHaveLength(3)
    expect(house.ctx.db.read.select().from(sessions).all()).toHaveLength(3)
    expect(used()).toEqual([3])
  })

  test('refuses one that is used up, too old, revoked or made up, alike', async () => {
    const [spent, old, revoked] = [await invite(), await invite({ days: 1 }), await invite()]
    await enter('first_one', spent.code)
    await house.ctx.db.write((tx) => revokeInvitation(house.ctx, tx, revoked.id, null))
    house.clock.move(day)
    for (const code of [spent.code, old.code, revoked.code, 'AAAA-AAAA-AAAA', '', '%', 'x'.repeat(100)]) {
      await expect(enter('second_one', code)).rejects.toMatchObject(refused)
      await expect(openInvitation(house.ctx, code, '::1')).rejects.toMatchObject(refused)
    }
    expect(people()).toHaveLength(1)
    const states = listInvitations(house.ctx, house.ctx.db.read).map(({ id, state }) => [id, state])
    expect(Object.fromEntries(states)).toEqual({ [spent.id]: 'used up', [old.id]: 'expired', [revoked.id]: 'revoked' })
  })

  test('is not used up by a name that is taken', async () => {
    const { code } = await invite({ uses: 2 })
    await enter('ada@x.org', code)
    await expect(enter('ADA@x.org', code)).rejects.toMatchObject({ code: 'account.exists' })
    expect(used()).toEqual([1])
    await enter('bob@x.org', code)
  })

  test.each(['', ' ', 'ab', 'ada l', 'ada@', '@x.org', 'a:b@x.org', 'ada\n@x.org', 'Ömer', 'x'.repeat(51)])(
    'does not take %j as a name',
    async (name) => {
      const { code } = await invite()
      await expect(enter(name, code)).rejects.toMatchObject({ code: 'input.invalid' })
      expect(used()).toEqual([0])
    },
  )

  test('gives nobody more than twenty wrong codes, even with the right one', async () => {
    const { code } = await invite()
    for (let guess = 0; guess < 20; guess++)
      await expect(openInvitation(house.ctx, `AAAA-${guess}`, '10.0.0.1')).rejects.toMatchObject(refused)
    await expect(openInvitation(house.ctx, code, '10.0.0.1')).rejects.toMatchObject({ code: 'rate.limited' })
    await expect(enter('ada@x.org', code, {}, '10.0.0.1')).rejects.toMatchObject({ code: 'rate.limited' })
    expect(await openInvitation(house.ctx, code, '10.0.0.2')).toMatchObject({ role: 'member', from: null })
  })

  test('says who invites', async () => {
    const admin = await enter('ada@x.org', (await invite({ role: 'admin' })).code)
    const { accountId } = (await readWebSession(house.ctx, admin)) ?? { accountId: '' }
    const { code } = await invite({ madeBy: accountId })
    expect(await openInvitation(house.ctx, code, '::1')).toMatchObject({ from: 'ada@x.org' })
  })
})

describe('who may join', () => {
  test('nobody without an invitation, where one is needed', async () => {
    await expect(enter('ada@x.org', null)).rejects.toMatchObject({ code: 'auth.registration_closed' })
  })

  test('nobody at all where registration is closed', async () => {
    await using closed = await testHome({ HEARTHKEEP_REGISTRATION: 'closed' })
    const { code } = await closed.ctx.db.write((tx) =>
      makeInvitation(closed.ctx, tx, { role: 'member', quotaBytes: null, uses: 1, days: 1, madeBy: null }),
    )
    for (const invitation of [code, null, 'AAAA-AAAA-AAAA'])
      await expect(join(closed.ctx, { name: 'ada@x.org', password, invitation }, arrival())).rejects.toMatchObject({
        code: 'auth.registration_closed',
      })
  })

  test('anybody before set-up, as a member: the keeper’s place is not given to who comes first', async () => {
    await using fresh = await testHome()
    const token = await join(fresh.ctx, { name: 'ada@x.org', password, invitation: null }, arrival())
    expect(await readWebSession(fresh.ctx, token)).toMatchObject({ role: 'member' })
  })
})
