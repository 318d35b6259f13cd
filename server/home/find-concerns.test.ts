import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { readOverview } from './read-overview.ts'

const day = 24 * 3_600_000

const concernsOf = (home: TestHome, accountId: string) => readOverview(home.ctx, accountId).concerns
const kindsOf = (home: TestHome, accountId: string) => concernsOf(home, accountId).map(({ kind }) => kind)

test('somebody new is told of recovery codes, and of nothing else', async () => {
  await using home = await testHome()
  expect(concernsOf(home, home.account())).toEqual([{ kind: 'recovery_codes', left: 0 }])
})

test('two weeks without a backup is something to look at, a day less is not', async () => {
  await using home = await testHome()
  const person = home.account()
  await home.slot(person).put(someBytes(), 0)
  const savedAt = readOverview(home.ctx, person).newestAt
  home.clock.move(13 * day)
  expect(kindsOf(home, person)).toEqual(['recovery_codes'])
  home.clock.move(day)
  expect(concernsOf(home, person)[0]).toEqual({ kind: 'nothing_new', since: savedAt })
  await home.slot(person).put(someBytes(), 1)
  expect(kindsOf(home, person)).toEqual(['recovery_codes'])
})

test('nine tenths of the space is nearly full; earlier versions do not count', async () => {
  await using home = await testHome()
  const person = home.account(1000)
  await home.slot(person).put(someBytes(890), 0)
  await home.slot(person).put(someBytes(890), 1)
  expect(kindsOf(home, person)).toEqual(['recovery_codes'])
  await home.slot(person).put(someBytes(900), 2)
  expect(concernsOf(home, person)[0]).toEqual({ kind: 'nearly_full', used: 900, quota: 1000 })
})

test('what is damaged comes first, until an earlier version or a new one takes its place', async () => {
  await using home = await testHome()
  const slot = home.slot(home.account(1000))
  await slot.put(someBytes(950), 0)
  writeFileSync(home.objectPath(slot.find().blobId), someBytes(950))
  await expect(slot.get()).rejects.toThrow()
  expect(concernsOf(home, slot.owner.accountId)[0]).toEqual({
    kind: 'damaged',
    what: 'cloud',
    personaId: null,
    deviceName: null,
  })
  await slot.put(someBytes(100), 1)
  expect(kindsOf(home, slot.owner.accountId)).toEqual(['recovery_codes'])
})

test('nobody is told of somebody else’s troubles', async () => {
  await using home = await testHome()
  const [mine, theirs] = [home.account(), home.account(100)]
  await home.slot(theirs).put(someBytes(95), 0)
  home.clock.move(30 * day)
  expect(kindsOf(home, mine)).toEqual(['recovery_codes'])
})
