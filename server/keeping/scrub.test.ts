import { mkdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { auditEvents, blobs } from '#db/schema/index.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { readBlob } from '#server/vault/store.ts'
import { readState } from './keeping-state.ts'
import { scrub } from './scrub.ts'

const day = 24 * 3_600_000

test('reads every object once within its days, a little each time, and goes on after a stop', async () => {
  await using home = await testHome({ HEARTHKEEP_SCRUB_DAYS: '30' })
  await scrub(home.ctx)
  for (let count = 0; count < 450; count += 1) await home.slot().put(someBytes(40), 0)
  const perDay: number[] = []
  for (let date = 0; date < 30; date += 1) {
    home.clock.move(day)
    perDay.push((await scrub(home.ctx)).objects)
  }
  expect(perDay.reduce((sum, one) => sum + one)).toBeGreaterThanOrEqual(450)
  expect(Math.max(...perDay)).toBeLessThan(450)
  expect(readState(home.ctx.db.read, 'scrub.round')?.details.lastRound).toMatchObject({ objects: 450, faults: 0 })
})

test('finds what is missing, short and altered, puts it into quarantine and writes it down, once', async () => {
  await using home = await testHome()
  const [gone, short, whole] = [home.slot(), home.slot(), home.slot()]
  for (const slot of [gone, short, whole]) await slot.put(someBytes(1_000), 0)
  rmSync(home.objectPath(idOf(gone)))
  truncateSync(home.objectPath(idOf(short)), 999)
  expect(await scrub(home.ctx, { all: true })).toMatchObject({ objects: 3, faults: 2, roundEnded: true })
  expect([gone, short, whole].map((slot) => readBlob(home.ctx.db.read, idOf(slot))?.fault)).toEqual([
    'missing',
    'size',
    null,
  ])
  await scrub(home.ctx, { all: true })
  expect(eventsOf(home)).toEqual(['object.quarantined', 'object.quarantined'])
})

test('stops when the store is away and quarantines nothing for it', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(1_000), 0)
  rmSync(`${home.dataFolder}/blobs`, { recursive: true })
  await expect(scrub(home.ctx, { all: true })).rejects.toMatchObject({ code: 'store.unavailable' })
  expect(readBlob(home.ctx.db.read, idOf(slot))?.state).toBe('live')
})

test('one object that the disk cannot read does not keep it from the others', async () => {
  await using home = await testHome()
  const [bad, good] = [home.slot(), home.slot()]
  for (const slot of [bad, good]) await slot.put(someBytes(1_000), 0)
  // Reading a folder fails as reading a bad sector does.
  rmSync(home.objectPath(idOf(bad)))
  mkdirSync(home.objectPath(idOf(bad)))
  const { size } = statSync(home.objectPath(idOf(bad)))
  home.ctx.db.read
    .update(blobs)
    .set({ size })
    .where(eq(blobs.id, idOf(bad)))
    .run()
  expect(await scrub(home.ctx, { all: true })).toMatchObject({ objects: 2, faults: 1 })
  expect(readBlob(home.ctx.db.read, idOf(bad))?.state).toBe('quarantined')
  expect(readBlob(home.ctx.db.read, idOf(good))?.state).toBe('live')
})

test('an object that is whole again leaves the quarantine', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(1_000), 0)
  home.ctx.db.read.run(`update blobs set state = 'quarantined', fault = 'hash'`)
  expect(await scrub(home.ctx, { all: true })).toMatchObject({ objects: 1, faults: 0 })
  expect(readBlob(home.ctx.db.read, idOf(slot))).toMatchObject({ state: 'live', fault: null })
})

function idOf(slot: { find(): { blobId: string | null } }): string {
  return slot.find().blobId as string
}

function eventsOf(home: TestHome): string[] {
  return home.ctx.db.read
    .select({ event: auditEvents.event })
    .from(auditEvents)
    .all()
    .map(({ event }) => event)
    .filter((event) => event.startsWith('object.'))
}
