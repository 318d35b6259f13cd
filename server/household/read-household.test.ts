import { expect, test } from 'vitest'
import { devices } from '#db/schema/index.ts'
import { readOverview } from '#server/home/read-overview.ts'
import { nudgePerson } from '#server/people/nudge-person.ts'
import { readAccount, setDoor, updateAccount, updatePasswordHash } from '#server/people/store.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { findHouseholdConcerns } from './find-household-concerns.ts'
import { readHousehold, readHouseholdMember } from './read-household.ts'

const day = 24 * 3_600_000

/** A phone of somebody's. @returns its id */
function addPhone(home: TestHome, accountId: string, name: string): string {
  const id = home.ctx.ids.uuid()
  const keys = { registrationId: 1, identityKey: '', signedPreKeyId: 1, signedPreKey: '', signedPreKeySignature: '' }
  home.ctx.db.read
    .insert(devices)
    .values({ id, accountId, name, ...keys, createdAt: home.clock.now() })
    .run()
  return id
}

const save = async (home: TestHome, accountId: string, deviceId: string, expected = 0) => {
  await home.slot(accountId, deviceId).put(someBytes(100), expected)
}
const freshnessOf = (home: TestHome, id: string) =>
  readHouseholdMember(home.ctx, id)?.devices.map(({ name, freshness }) => [name, freshness])
const kinds = (home: TestHome) => findHouseholdConcerns(home.ctx).map(({ kind }) => kind)

function keeperOf(home: TestHome) {
  const accountId = home.account()
  updateAccount(home.ctx.db.read, accountId, { role: 'admin' })
  return { accountId, sessionId: '', name: '', role: 'admin' as const, provenAt: home.clock.now() }
}

test('each device goes from new to good, old and silent; one that never saved is told of after a day', async () => {
  await using home = await testHome()
  const mum = home.account()
  const [phone, tablet] = [addPhone(home, mum, 'Phone'), addPhone(home, mum, 'Tablet')]
  expect(freshnessOf(home, mum)).toEqual([
    ['Phone', 'new'],
    ['Tablet', 'new'],
  ])
  expect(kinds(home)).toEqual([])
  await save(home, mum, phone)
  home.clock.move(day)
  expect(freshnessOf(home, mum)).toEqual([
    ['Phone', 'good'],
    ['Tablet', 'never'],
  ])
  expect(kinds(home)).toEqual(['device_never'])
  await save(home, mum, tablet)
  home.clock.move(6 * day)
  expect(readHouseholdMember(home.ctx, mum)).toMatchObject({ freshness: 'old', isOverdue: true, space: { used: 200 } })
  expect(kinds(home)).toEqual([])
  home.clock.move(8 * day)
  expect(kinds(home)).toEqual(['device_silent', 'device_silent'])
  await save(home, mum, phone, 1)
  await save(home, mum, tablet, 1)
  expect(readHouseholdMember(home.ctx, mum)).toMatchObject({ freshness: 'good', isOverdue: false })
  expect(kinds(home)).toEqual([])
})

test('whoever has no device is judged by everything together; nobody hears of who is shut out', async () => {
  await using home = await testHome()
  const dad = home.account(150)
  await home.slot(dad).put(someBytes(100), 0)
  expect(readHouseholdMember(home.ctx, dad)).toMatchObject({
    devices: [{ id: null, freshness: 'good' }],
    space: { used: 100, quota: 150, own: 150 },
  })
  await home.slot(dad).put(someBytes(140), 1)
  expect(kinds(home)).toEqual(['nearly_full'])
  const newcomer = home.account()
  expect(readHouseholdMember(home.ctx, newcomer)).toMatchObject({ freshness: 'new', newestAt: null })
  home.clock.move(14 * day)
  expect(kinds(home)).toEqual(['device_silent', 'nearly_full'])
  setDoor(home.ctx.db.read, dad, { disabledAt: home.clock.now(), deleteAt: null, shutByKeeper: true })
  expect(kinds(home)).toEqual([])
  expect(readHousehold(home.ctx).map(({ id, door }) => [id, door])).toEqual([
    [dad, 'disabled'],
    [newcomer, 'open'],
  ])
})

test('pages get nothing by which anybody gets in', async () => {
  await using home = await testHome()
  const mum = home.account()
  updatePasswordHash(home.ctx.db.read, mum, '$argon2id$secret')
  expect(JSON.stringify(readHousehold(home.ctx))).not.toMatch(/argon2id|passwordHash/)
})

test('a reminder stands on a member’s page until what was meant has saved again, and goes out once a day', async () => {
  await using home = await testHome()
  const keeper = keeperOf(home)
  const mum = home.account()
  const phone = addPhone(home, mum, 'Phone')
  await save(home, mum, phone)
  home.clock.move(8 * day)
  const nudge = () => nudgePerson(home.ctx, keeper, { personId: mum, devices: ['Phone'] })
  const isAsked = () => readOverview(home.ctx, mum).concerns.some(({ kind }) => kind === 'nudged')
  expect(isAsked()).toBe(false)
  const outcomes = await Promise.allSettled([nudge(), nudge(), nudge()])
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { byMail: false } }])
  expect(isAsked()).toBe(true)
  expect(readHouseholdMember(home.ctx, mum)?.isNudgeStanding).toBe(true)
  home.clock.move(day - 60_000)
  await expect(nudge()).rejects.toMatchObject({ code: 'account.nudged_today' })
  home.clock.move(60_000)
  await nudge()
  await save(home, mum, phone, 1)
  expect(isAsked()).toBe(false)
  // What falls silent later was not meant.
  home.clock.move(30 * day)
  expect(isAsked()).toBe(false)
  expect(readAccount(home.ctx.db.read, mum)?.nudgedAt).not.toBeNull()
})
