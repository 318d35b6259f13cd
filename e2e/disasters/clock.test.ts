import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CloudSlot, call, signIn, signUp } from '#e2e/support/disaster-client.ts'
import { day, hour, hurryJobs, shiftClock, type WallClock, wallClock, year } from '#e2e/support/disaster-clock.ts'
import {
  currentRow,
  lastRun,
  objectPath,
  objectRows,
  objectsOnDisk,
  partialsOnDisk,
} from '#e2e/support/disaster-inspect.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { beginUpload } from '#e2e/support/disaster-streams.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const minute = 60_000
const random = seededRandom('a clock')

let clock: WallClock
let server: TestServer
beforeEach(async () => {
  clock = wallClock()
  server = await startServer({ preload: [shiftClock, hurryJobs], env: clock.env })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  clock[Symbol.dispose]()
})

test('a clock that jumps ahead by a day while the server runs ends access tokens, and nothing else', async () => {
  const { slot, device, versions } = await household(3)
  await shiftNow(day)
  expect((await slot.get()).status).toBe(401)
  for (const one of [slot, device]) {
    expect(await one.refresh()).toBe(200)
    expect(await one.get()).toMatchObject({ status: 200, version: 3, hash: versions.at(-1) })
    expect(await one.put(random.bytes(500), 3)).toMatchObject({ status: 200, version: 4 })
  }
  expect((await call(server, 'GET', '/health')).status).toBe(200)
  expectAllThere(8)
})

test.each([
  ['a day', -day],
  ['a year', -year],
])(
  'a clock that falls back by %s while the server runs leaves tokens, sessions and uploads as they were',
  async (_, shift) => {
    const { person, slot, device, versions } = await household(3)
    await shiftNow(shift)
    for (const one of [slot, device]) {
      expect(await one.get()).toMatchObject({ status: 200, version: 3, hash: versions.at(-1) })
      expect(await one.put(random.bytes(500), 3)).toMatchObject({ status: 200, version: 4 })
      expect(await one.refresh()).toBe(200)
      expect(await one.head()).toMatchObject({ status: 200, version: 4 })
    }
    expect((await (await signIn(server, person)).head()).version).toBe(4)
    expect((await call(server, 'GET', '/health')).status).toBe(200)
    expectAllThere(8)
  },
)

test.each([
  ['a day ahead', day],
  ['a year behind', -year],
])('a server that starts with its clock %s has everything, and takes uploads', async (_, shift) => {
  const { person, versions } = await household(3)
  await server.stop('SIGKILL')
  clock.shift(shift)
  await server.restart()
  await jobsHaveRun()
  const slot = await signIn(server, person)
  expect(await slot.get()).toMatchObject({ status: 200, version: 3, hash: versions.at(-1) })
  expect(await slot.put(random.bytes(500), 3)).toMatchObject({ status: 200, version: 4 })
  expectAllThere(7)
})

test('the sweep of orphans does not touch an upload under way, even if the clock jumps ahead meanwhile', async () => {
  const { slot, device } = await household(1)
  const bytes = random.bytes(1_000_000)
  const uploads = [slot, device].map((one) => ({ one, upload: beginUpload(server, one, bytes.length, 1) }))
  for (const { upload } of uploads) await upload.send(bytes.subarray(0, 500_000))
  // Only an upload that was let in is under way: sent bytes may still wait for the server, with a token of yesterday.
  await until('the server has both beginnings', () => partialsOnDisk(server.dataFolder).length === uploads.length)
  await passNow(day)
  for (const { upload } of uploads) await upload.send(bytes.subarray(500_000))
  for (const { one, upload } of uploads) {
    expect(await upload.answer).toEqual({ status: 200, version: 2 })
    await one.refresh()
    expect(await one.get()).toMatchObject({ status: 200, version: 2, hash: sha256(bytes) })
  }
})

test('while the sweep runs all the time and every file looks a day old, uploads lose nothing', async () => {
  const { slot, device } = await household(1)
  await passNow(day)
  for (const one of [slot, device]) {
    await one.refresh()
    for (let version = 1; version <= 30; version += 1) {
      const bytes = random.bytes(random.integer(32, 300_000))
      // A client tries again after a 500; what it may never see is a 200 for something that is not there.
      while ((await one.put(bytes, version)).status === 500) await sleep(5)
      expect(await one.get()).toMatchObject({ status: 200, version: version + 1, hash: sha256(bytes) })
    }
  }
  expect(objectRows(server.dataFolder).filter(({ state }) => state === 'quarantined')).toEqual([])
})

test('an orphan goes when it is older than an hour, not before', async () => {
  const { slot } = await household(1)
  const { id } = currentRow(server.dataFolder, slot.ownerId)
  const orphan = `${id.slice(0, 8)}-0000-7000-8000-0000000000${id.slice(-2)}`
  writeFileSync(objectPath(server.dataFolder, orphan), random.bytes(100))
  await shiftNow(hour - 5 * minute)
  expect(objectsOnDisk(server.dataFolder)).toContain(orphan)
  await shiftNow(hour + minute)
  await until('the orphan is gone', () => !objectsOnDisk(server.dataFolder).includes(orphan))
  expectAllThere(2)
})

test('a new database over old objects sweeps none of them, so the old one can still be put back', async () => {
  const { slot, versions } = await household(3)
  const objects = objectsOnDisk(server.dataFolder)
  const path = join(server.dataFolder, 'hearthkeep.sqlite')
  expect(await server.stop()).toBe(0)
  renameSync(path, `${path}.lost`)
  await server.restart()
  await passNow(2 * day)
  const stranger = await signUp(server)
  expect((await stranger.slot.put(random.bytes(500), 0)).status).toBe(200)
  await passNow(4 * day)
  expect(objectsOnDisk(server.dataFolder)).toEqual(expect.arrayContaining(objects))

  expect(await server.stop()).toBe(0)
  clock.shift(0)
  renameSync(`${path}.lost`, path)
  await server.restart()
  expect(await slot.get()).toMatchObject({ status: 200, version: 3, hash: versions.at(-1) })
})

test('the history holds ten versions, and for thirty days', async () => {
  const { person, slot, versions } = await household(14)
  await until('the reaper has been round', () => historyOf(slot).length === 10)
  expect(historyOf(slot)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4])

  await passNow(30 * day - hour)
  expect(historyOf(slot)).toHaveLength(10)
  await passNow(30 * day + minute)
  await until('the history is over', () => historyOf(slot).length === 0)
  // So are sessions that nobody has used meanwhile; the password is still good, and what it guards is there.
  expect(await slot.refresh()).toBe(401)
  expect(await (await signIn(server, person)).get()).toMatchObject({ version: 14, hash: versions.at(-1) })
  expect(objectsOnDisk(server.dataFolder)).toEqual(objectRows(server.dataFolder).map(({ id }) => id))
})

test('a clock that jumps ahead by a year takes no history and no session with it, also over a restart, and says so', async () => {
  const { slot, device } = await household(3)
  await shiftNow(year)
  const told = async () => (await call(server, 'GET', '/metrics')).body.toString()
  expect(historyOf(slot)).toEqual([2, 1])
  expect(await told()).toMatch(/^hearthkeep_clock_ahead_seconds 3153\d{4}/m)
  expect(await server.stop()).toBe(0)
  await server.restart()
  await jobsHaveRun()
  expect(historyOf(slot)).toEqual([2, 1])
  // The network sets the clock right; those who were signed in are so still.
  await shiftNow(0)
  for (const one of [slot, device]) expect(await one.refresh()).toBe(200)
  expect(await told()).toMatch(/^hearthkeep_clock_ahead_seconds 0$/m)
  expectAllThere(6)
})

test('what was replaced while the clock was a year behind is kept its thirty days all the same', async () => {
  const { slot } = await household(1)
  await shiftNow(-year)
  expect((await slot.put(random.bytes(500), 1)).status).toBe(200)
  expect((await slot.put(random.bytes(500), 2)).status).toBe(200)
  await shiftNow(0)
  expect(historyOf(slot)).toEqual([2, 1])
  await passNow(29 * day)
  expect(historyOf(slot)).toEqual([2, 1])
})

/** A person with a slot and a device with another, each overwritten with the same so many versions. */
async function household(count: number) {
  const person = await signUp(server)
  const { slot } = person
  const device = await slot.addDevice()
  const versions: string[] = []
  for (let version = 0; version < count; version += 1) {
    const bytes = random.bytes(500)
    for (const one of [slot, device]) expect((await one.put(bytes, version)).status).toBe(200)
    versions.push(sha256(bytes))
  }
  return { person, slot, device, versions }
}

/** Let time pass, and wait until every job has run by the new time. */
async function passNow(milliseconds: number): Promise<void> {
  clock.pass(milliseconds)
  await jobsHaveRun()
}

/** Let the clock jump, and wait until every job has run by the new time. */
async function shiftNow(milliseconds: number): Promise<void> {
  clock.shift(milliseconds)
  await jobsHaveRun()
}

/** Two more runs of each job end: the first may have begun before. */
async function jobsHaveRun(): Promise<void> {
  for (let run = 0; run < 2; run += 1) {
    const jobs = ['reap-history', 'reap-orphans', 'forget-sessions'] as const
    const before = jobs.map((job) => lastRun(server.dataFolder, job))
    await until('the jobs have run', () =>
      jobs.every((job, index) => lastRun(server.dataFolder, job) !== before[index]),
    )
  }
}

/** Every object that was ever acknowledged and is not reaped is on disk, and nothing is reaped before its time. */
function expectAllThere(objects: number): void {
  const rows = objectRows(server.dataFolder)
  expect(rows).toHaveLength(objects)
  expect(rows.filter(({ state }) => state === 'reaping' || state === 'quarantined')).toEqual([])
  expect(objectsOnDisk(server.dataFolder)).toEqual(expect.arrayContaining(rows.map(({ id }) => id)))
}

/** Versions in the history of a slot, newest first. */
function historyOf(slot: CloudSlot): number[] {
  return objectRows(server.dataFolder)
    .filter((row) => row.owner_id === slot.ownerId && row.state === 'superseded')
    .map(({ version }) => version)
    .sort((a, b) => b - a)
}
