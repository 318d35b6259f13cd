import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { auditEvents } from '#db/schema/index.ts'
import { startS3 } from '#e2e/support/s3-testing.ts'
import { openPlace } from '#server/blobs/open-place.ts'
import { nameOfPlace, type Place } from '#server/blobs/place.ts'
import { chunksOf, someBytes, type TestHome, testHome } from '#server/testing.ts'
import { readBlob } from '#server/vault/store.ts'
import { readMove } from './move-state.ts'

const { corner, stop } = await startS3()
const folders: string[] = []
const day = 24 * 3_600_000
const keeper = { accountId: 'keeper', address: '127.0.0.1' }

afterAll(stop)
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-moved-'))
  folders.push(folder)
  return folder
}

const onDisk = (): Place => ({ kind: 'disk', folder: emptyFolder() })
const onS3 = (): Place => ({ kind: 's3', s3: { ...corner(), forcePathStyle: true } })

async function idsIn(home: TestHome, place: Place): Promise<string[]> {
  const { store } = await openPlace(place, home.dataFolder, { make: false })
  const ids: string[] = []
  for await (const { id } of store.list()) ids.push(id)
  await store.close()
  return ids.sort()
}

const phaseOf = ({ ctx }: TestHome) => readMove(ctx.db.read, ctx.secrets)?.phase

async function moved(home: TestHome, place: Place, keepDays: number | null = 7): Promise<void> {
  expect(await home.ctx.keeping.beginMove({ place, keepDays }, keeper)).toMatchObject({ hasBegun: true, refusal: null })
  await home.ctx.keeping.moveOn()
}

describe.each([
  ['a disk folder', onDisk],
  ['S3', onS3],
])('moving everything to %s and back', (_name, somewhere) => {
  test('keeps every version readable all the way, over a restart, and removes old copies in their time', async () => {
    await using home = await testHome()
    const slots = Array.from({ length: 5 }, () => home.slot())
    const bytes = slots.map(() => someBytes(5_000))
    for (const [index, slot] of slots.entries()) {
      await slot.put(someBytes(100), 0)
      await slot.put(bytes[index] as Buffer, 1)
    }
    const before = home.objectsOnDisk()
    expect(before).toHaveLength(10)
    const place = somewhere()
    await moved(home, place)
    expect(phaseOf(home)).toBe('resting')
    expect(nameOfPlace(home.ctx.config.blobs)).toBe(nameOfPlace(place))
    expect(await idsIn(home, place)).toEqual(before)
    expect(home.objectsOnDisk()).toEqual(before)
    for (const [index, slot] of slots.entries()) expect(await slot.get()).toEqual(bytes[index])
    await slots[0]?.put(someBytes(200), 2)
    expect(home.objectsOnDisk()).toEqual(before)
    expect(await idsIn(home, place)).toHaveLength(11)

    // The next start goes there by itself.
    await using again = await reopened(home)
    expect(nameOfPlace(again.ctx.blobs.place)).toBe(nameOfPlace(place))
    expect(again.ctx.config.blobs).toEqual(home.ctx.config.blobs)
    again.clock.move(6 * day)
    await again.ctx.keeping.moveOn()
    expect(home.objectsOnDisk()).toEqual(before)
    again.clock.move(2 * day)
    await again.ctx.keeping.moveOn()
    expect(home.objectsOnDisk()).toEqual([])
    expect(phaseOf(again)).toBe('done')

    await moved(again, { kind: 'disk', folder: null }, 0)
    expect(home.objectsOnDisk()).toHaveLength(11)
    expect(await idsIn(again, place)).toEqual([])
    expect(again.ctx.config.blobs).toEqual({ kind: 'disk', folder: null })
  })
})

test('nothing that is written, replaced or reaped while objects move is lost or comes back', async () => {
  await using home = await testHome({ HEARTHKEEP_HISTORY_VERSIONS: '2' })
  const slots = Array.from({ length: 6 }, () => home.slot())
  const current = slots.map(() => someBytes(2_000))
  for (const [index, slot] of slots.entries()) await slot.put(current[index] as Buffer, 0)
  for (let version = 0; version < 30; version += 1) await home.slot().put(someBytes(500), 0)
  const place = onS3()
  let moving = true
  const writers = slots.map(async (slot, index) => {
    for (let version = 1; moving || version < 4; version += 1) {
      const bytes = someBytes(2_000 + version)
      expect(await slot.put(bytes, version)).toBe(version + 1)
      current[index] = bytes
      expect(await slot.get()).toEqual(bytes)
      await sleep(20)
    }
  })
  const keeping = (async () => {
    while (moving) {
      await home.reap()
      await home.sweep()
      await sleep(50)
    }
  })()
  await moved(home, place)
  moving = false
  await Promise.all([...writers, keeping])
  expect(phaseOf(home)).toBe('resting')
  rmSync(join(home.dataFolder, 'blobs'), { recursive: true })
  for (const [index, slot] of slots.entries()) {
    expect(await slot.get()).toEqual(current[index])
    for (const { id } of home.ctx.vault.history(slot.kept)) expect(await home.ctx.blobs.stat(id)).not.toBeNull()
  }
  const events = home.ctx.db.read.select().from(auditEvents).all()
  expect(events.filter(({ event }) => event === 'object.quarantined')).toEqual([])
  // What the reaper took while it was being copied is at most an orphan there, and swept.
  home.clock.move(2 * 3_600_000)
  await home.sweep()
  await home.reap()
  for (const id of await idsIn(home, place)) expect(readBlob(home.ctx.db.read, id)).toBeDefined()
})

test('an upload that began before the switch and ends after it is in the new place in the end', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(100), 0)
  const quota = home.ctx.vault.approve(slot.owner.accountId, 0)
  const bytes = someBytes(3_000)
  const ready = Promise.withResolvers<void>()
  async function* slowly() {
    yield* chunksOf(bytes.subarray(0, 1_000))
    await ready.promise
    yield* chunksOf(bytes.subarray(1_000))
  }
  const staging = home.ctx.vault.stage(slowly(), quota, { limits: { min: 1, max: 10_000 } })
  const place = onDisk()
  await home.ctx.keeping.beginMove({ place, keepDays: 0 }, keeper)
  await vi.waitFor(() => expect(phaseOf(home)).toBe('switched'))
  ready.resolve()
  const staged = await staging
  expect(home.objectsOnDisk()).toContain(staged.blobId)
  expect(phaseOf(home)).toBe('switched')
  await home.ctx.vault.commit(staged, slot.kept, (_tx, keep) => keep({ version: 9, replaces: null }))
  await home.ctx.keeping.moveOn()
  expect(phaseOf(home)).toBe('done')
  expect(await idsIn(home, place)).toContain(staged.blobId)
  expect(home.objectsOnDisk()).toEqual([])
})

test('a new place that goes away pauses the move, says why, and nothing else notices; then it goes on', async () => {
  await using home = await testHome()
  const slot = home.slot()
  for (let version = 0; version < 5; version += 1) await slot.put(someBytes(1_000), version)
  const place = { kind: 'disk' as const, folder: emptyFolder() }
  const gone = `${place.folder}-unplugged`
  await home.ctx.keeping.beginMove({ place, keepDays: 7 }, keeper)
  renameSync(place.folder, gone)
  await vi.waitFor(() => expect(readMove(home.ctx.db.read, home.ctx.secrets)?.trouble).not.toBeNull())
  const move = readMove(home.ctx.db.read, home.ctx.secrets)
  expect(move).toMatchObject({ phase: 'copying', trouble: { reason: expect.stringContaining('ENOENT') } })
  expect(await slot.put(someBytes(1_000), 5)).toBe(6)
  expect((await slot.get()).length).toBe(1_000)
  await home.reap()

  renameSync(gone, place.folder)
  await home.ctx.keeping.retryMove()
  await home.ctx.keeping.moveOn()
  expect(phaseOf(home)).toBe('resting')
  expect(await idsIn(home, place)).toEqual(home.objectsOnDisk())
})

test('a move that is called off, even while the new place is away, leaves everything and clears up after itself', async () => {
  await using home = await testHome()
  const slot = home.slot()
  for (let version = 0; version < 5; version += 1) await slot.put(someBytes(1_000), version)
  const before = home.objectsOnDisk()
  const place = { kind: 'disk' as const, folder: emptyFolder() }
  const gone = `${place.folder}-unplugged`
  await home.ctx.keeping.beginMove({ place, keepDays: 7 }, keeper)
  renameSync(place.folder, gone)
  await vi.waitFor(() => expect(readMove(home.ctx.db.read, home.ctx.secrets)?.trouble).not.toBeNull())
  await home.ctx.keeping.cancelMove(keeper)
  expect(home.ctx.blobs.second).toBeNull()
  expect(await slot.put(someBytes(1_000), 5)).toBe(6)
  renameSync(gone, place.folder)
  await home.ctx.keeping.retryMove()
  await home.ctx.keeping.moveOn()
  expect(phaseOf(home)).toBe('done')
  expect(await idsIn(home, place)).toEqual([])
  expect(home.objectsOnDisk()).toEqual(expect.arrayContaining(before))
  expect(home.ctx.config.blobs).toEqual({ kind: 'disk', folder: null })
  await expect(home.ctx.keeping.cancelMove(keeper)).rejects.toMatchObject({ code: 'not_found' })
})

test('a damaged object goes as it is, a lost one is told, and the last copy of anything is never removed', async () => {
  await using home = await testHome()
  const [damaged, lost, newer] = [home.slot(), home.slot(), home.slot()]
  for (const slot of [damaged, lost, newer]) await slot.put(someBytes(1_000), 0)
  const idOf = (slot: typeof damaged) => slot.find().blobId as string
  const wrong = someBytes(1_000)
  writeFileSync(home.objectPath(idOf(damaged)), wrong)
  rmSync(home.objectPath(idOf(lost)))
  const place = { kind: 'disk' as const, folder: emptyFolder() }
  await moved(home, place)
  expect(readBlob(home.ctx.db.read, idOf(damaged))).toMatchObject({ state: 'quarantined', fault: 'hash' })
  expect(readBlob(home.ctx.db.read, idOf(lost))).toMatchObject({ state: 'quarantined', fault: 'missing' })
  expect(await idsIn(home, place)).toEqual([idOf(damaged), idOf(newer)].sort())
  // Somebody deletes the copy in the new place before the old ones go.
  rmSync(join(place.folder, idOf(newer).slice(-2), idOf(newer)))
  await home.ctx.keeping.removeOldCopies()
  await home.ctx.keeping.moveOn()
  expect(home.objectsOnDisk()).toEqual([idOf(newer)])
  expect(readMove(home.ctx.db.read, home.ctx.secrets)).toMatchObject({
    phase: 'done',
    cleared: { removed: 1, left: 1 },
  })
})

test('goes on where it stopped, after a copy that was cut off in the middle', async () => {
  await using home = await testHome()
  for (let count = 0; count < 30; count += 1) await home.slot().put(someBytes(1_000), 0)
  const ids = home.objectsOnDisk()
  const place = { kind: 'disk' as const, folder: emptyFolder() }
  await home.ctx.keeping.beginMove({ place, keepDays: 7 }, keeper)
  await home.ctx.work.stop('move')
  // As a process that was killed leaves them: half a copy, and a copy that nobody has compared.
  const [half = '', wrong = ''] = ids
  writeFileSync(join(place.folder, 'tmp', half), 'half')
  const store = (await openPlace(place, home.dataFolder, { make: false })).store
  await store.delete(wrong)
  await store.put(wrong, chunksOf(someBytes(1_000)))
  await store.close()
  await using again = await reopened(home)
  await again.ctx.keeping.moveOn()
  expect(phaseOf(again)).toBe('resting')
  rmSync(join(home.dataFolder, 'blobs'), { recursive: true })
  for (const id of ids) for await (const _chunk of (await again.ctx.vault.open(id)).chunks);
})

describe('a place is refused', () => {
  test('that is no whole path, inside the data folder, or on a disk that is not there', async () => {
    await using home = await testHome()
    const tried = async (folder: string) => (await home.ctx.keeping.tryPlace({ kind: 'disk', folder })).refusal
    expect(await tried('backups')).toBe('not_absolute')
    expect(await tried(join(home.dataFolder, 'elsewhere'))).toBe('in_data_folder')
    expect(await tried('/no/such/disk/backups')).toBe('no_folder')
  })

  test('that holds something else, or the objects of another server', async () => {
    await using home = await testHome()
    const folder = emptyFolder()
    writeFileSync(join(folder, 'letter.txt'), 'dear')
    expect(await home.ctx.keeping.tryPlace({ kind: 'disk', folder })).toMatchObject({ refusal: 'not_empty' })
    expect(readdirSync(folder)).toEqual(['letter.txt'])
    const place = onS3()
    const { store } = await openPlace(place, home.dataFolder, { make: true })
    await store.put(home.ctx.ids.uuid(), chunksOf(someBytes()))
    await store.close()
    expect(await home.ctx.keeping.tryPlace(place)).toMatchObject({ refusal: 'of_another_server' })
  })

  test('that is the one in use, under another name too, and while something moves', async () => {
    await using home = await testHome()
    await home.slot().put(someBytes(), 0)
    expect(await home.ctx.keeping.tryPlace({ kind: 'disk', folder: null })).toMatchObject({ refusal: 'same' })
    const place = onS3()
    await moved(home, place, null)
    expect(await home.ctx.keeping.tryPlace(onDisk())).toMatchObject({ refusal: 'under_way' })
    await home.ctx.keeping.keepOldCopies()
    if (place.kind !== 's3') throw new Error()
    const alias = { ...place, s3: { ...place.s3, endpoint: place.s3.endpoint?.replace('127.0.0.1', 'localhost') } }
    expect(await home.ctx.keeping.tryPlace(alias)).toMatchObject({ refusal: 'same' })
  })

  test('that fails its test, which says at which step; and nothing has begun', async () => {
    await using home = await testHome()
    const place = { kind: 's3' as const, s3: { ...corner({ bucket: 'no-such-bucket' }), forcePathStyle: true } }
    const tried = await home.ctx.keeping.beginMove({ place, keepDays: 7 }, keeper)
    expect(tried).toMatchObject({ hasBegun: false, refusal: null })
    expect(tried.steps[0]).toMatchObject({ step: 'put', ok: false })
    expect(JSON.stringify(tried)).not.toContain(place.s3.secretAccessKey)
    expect(phaseOf(home)).toBeUndefined()
  })

  test('when the environment says where objects lie', async () => {
    await using home = await testHome({ HEARTHKEEP_BLOBS: 'disk' })
    expect(await home.ctx.keeping.tryPlace(onDisk())).toMatchObject({ refusal: 'pinned', detail: 'HEARTHKEEP_BLOBS' })
  })
})

test('a start that names a third place while objects move says so and touches nothing', async () => {
  await using home = await testHome()
  await home.slot().put(someBytes(), 0)
  await home.ctx.keeping.beginMove({ place: onDisk(), keepDays: 7 }, keeper)
  await home.ctx.work.stop('move')
  const elsewhere = { HEARTHKEEP_BLOBS: 'disk', HEARTHKEEP_BLOBS_DIR: emptyFolder() }
  expect(phaseOf(home)).toBe('copying')
  await expect(reopened(home, elsewhere)).rejects.toThrow(/on their way from/)
})

test('the keys of the bucket can be renewed without moving anything, and are sealed in the database', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(300), 0)
  const place = onS3()
  await moved(home, place, 0)
  if (place.kind !== 's3') throw new Error()
  expect(await home.ctx.keeping.beginMove({ place, keepDays: 7 }, keeper)).toMatchObject({
    hasBegun: true,
    isCurrent: true,
  })
  expect(phaseOf(home)).toBe('done')
  expect((await slot.get()).length).toBe(300)
})

/** The same data folder opened anew, as after a stop. */
async function reopened(home: TestHome, env: Record<string, string> = {}): Promise<TestHome> {
  await home.close()
  return testHome({ HEARTHKEEP_DATA_DIR: home.dataFolder, ...env })
}
