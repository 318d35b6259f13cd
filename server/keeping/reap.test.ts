import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { blobs } from '#db/schema/index.ts'
import { trimEvents } from '#server/notices/trim-events.ts'
import { orderDeletion } from '#server/people/shut-account.ts'
import { deleteExpiredSessions } from '#server/people/store.ts'
import { chunksOf, someBytes, type TestHome, type TestSlot, testHome } from '#server/testing.ts'
import { readBlob } from '#server/vault/store.ts'
import { deleteAccounts } from './delete-accounts.ts'
import { findKeepingConcerns } from './find-keeping-concerns.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const mebibyte = 1024 * 1024

describe('the history', () => {
  test('keeps the newest ten versions of each slot', async () => {
    await using home = await testHome()
    const [busy, quiet] = [home.slot(), home.slot()]
    await overwrite(busy, 14)
    await overwrite(quiet, 3)
    expect(await home.reap()).toBe(3)
    expect(versions(home, busy)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4])
    expect(versions(home, quiet)).toEqual([2, 1])
    expect(home.objectsOnDisk()).toEqual(idsOf(home))
    expect(await home.reap()).toBe(0)
  })

  test('keeps a version for thirty days from the day it was replaced', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    home.clock.move(100 * day)
    await slot.put(someBytes(), 1)
    home.clock.move(20 * day)
    await slot.put(someBytes(), 2)
    home.clock.move(10 * day - minute)
    expect(await home.reap()).toBe(0)
    home.clock.move(2 * minute)
    expect(await home.reap()).toBe(1)
    expect(versions(home, slot)).toEqual([2])
    home.clock.move(365 * day)
    await home.reap()
    expect(versions(home, slot)).toEqual([])
    expect(slot.find().version).toBe(3)
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId])
  })

  test('is not old because the clock jumped ahead, nor is anything else, until the server has run for a day so', async () => {
    await using home = await testHome()
    const { ctx, clock } = home
    const person = home.account()
    await ctx.db.write((tx) => orderDeletion(ctx, tx, null, { personId: person, deleteAt: clock.now() + 14 * day }))
    const slot = home.slot()
    await overwrite(slot, 12)
    await ctx.settled.look()
    const hurry = async () => [
      await home.reap(),
      await ctx.db.write((tx) => deleteExpiredSessions(tx, ctx.settled.now())),
      await deleteAccounts(ctx),
      await trimEvents(ctx),
    ]
    clock.jump(500 * day)
    expect(ctx.settled.doubt?.ahead).toBeCloseTo(500 * day, -5)
    expect((await findKeepingConcerns(ctx)).map(({ kind }) => kind)).toContain('clock_ahead')
    // What is one version too many has nothing to do with its age.
    expect(await hurry()).toEqual([1, 0, 0, 0])
    expect(versions(home, slot)).toHaveLength(10)
    await ctx.settled.look()
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      clock.move(5 * minute)
      await ctx.settled.look()
    }
    expect(ctx.settled.doubt).toBeNull()
    const [objects, ...others] = await hurry()
    expect(objects).toBe(10)
    for (const count of others) expect(count).toBeGreaterThan(0)
  })

  test('keeps as many bytes as the quota of the person allows, the newest first', async () => {
    await using home = await testHome()
    const account = home.account(1000)
    const [slot, stranger] = [home.slot(account), home.slot()]
    for (let version = 0; version < 6; version += 1) {
      await slot.put(someBytes(300), version)
      await stranger.put(someBytes(300), version)
      home.clock.move(minute)
    }
    expect(await home.reap()).toBe(2)
    expect(versions(home, slot)).toEqual([5, 4, 3])
    expect(versions(home, stranger)).toEqual([5, 4, 3, 2, 1])
  })

  test('keeps what was replaced while the clock was a year behind its thirty days all the same', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    home.clock.move(-365 * day)
    await slot.put(someBytes(), 1)
    await slot.put(someBytes(), 2)
    home.clock.move(365 * day)
    await home.reap()
    expect(versions(home, slot)).toEqual([2, 1])
    home.clock.move(29 * day)
    await home.reap()
    expect(versions(home, slot)).toEqual([2, 1])
    home.clock.move(2 * day)
    await home.reap()
    expect(versions(home, slot)).toEqual([])
  })

  test('is not touched when the clock falls back', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await overwrite(slot, 5)
    home.clock.move(-365 * day)
    expect(await home.reap()).toBe(0)
    expect(versions(home, slot)).toEqual([4, 3, 2, 1])
  })

  test('goes on being reaped when one object cannot be deleted', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await overwrite(slot, 5)
    const [stuck, ...others] = home.ctx.vault.history(slot.kept).map(({ id }) => id)
    // No store deletes a folder where it expects an object.
    rmSync(home.objectPath(stuck as string))
    mkdirSync(join(home.objectPath(stuck as string), 'in the way'), { recursive: true })
    home.clock.move(31 * day)
    await home.reap().catch(() => {})
    await home.reap().catch(() => {})
    for (const id of others) expect(readBlob(home.ctx.db.read, id)).toBeUndefined()
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId, stuck].sort())
  })

  test('goes on being reaped when tens of thousands wait, as after weeks without the store', {
    timeout: 60_000,
  }, async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    home.ctx.db.read.run(sql`
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 33000)
      insert into blobs (id, size, sha256, state, owner_kind, owner_id, account_id, version, created_at)
      select printf('00000000-0000-7000-8000-%012x', i), 1, '', 'reaping', 'cloud', '', '', 1, 0 from n`)
    // More than one run may be needed, and every one must get on.
    for (let run = 0; run < 100 && idsOf(home).length > 1; run += 1) await home.reap()
    expect(idsOf(home)).toEqual([slot.find().blobId])
  })

  test('a run that crashed between claim and deletion is finished by the next', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await overwrite(slot, 3)
    const [newer, older] = home.ctx.vault.history(slot.kept)
    const claimed = [newer?.id as string, older?.id as string]
    for (const id of claimed) home.ctx.db.read.update(blobs).set({ state: 'reaping' }).where(eq(blobs.id, id)).run()
    // Of one the object is gone already, of the other not yet.
    rmSync(home.objectPath(claimed[0] as string))
    expect(await home.reap()).toBe(2)
    expect(idsOf(home)).toEqual([slot.find().blobId])
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId])
  })

  test('of a restore and a reaper at the same moment one wins, and no row is left without its object', async () => {
    await using home = await testHome()
    for (let round = 0; round < 20; round += 1) {
      const before = idsOf(home).length
      const slot = home.slot()
      await slot.put(someBytes(), 0)
      await slot.put(someBytes(), 1)
      home.clock.move(31 * day)
      const restore = home.ctx.vault.restore(slot.kept, 1, (_tx, keep) => keep({ version: 3, replaces: null }))
      const both = round % 2 ? [restore, home.reap()] : [home.reap(), restore]
      const outcomes = await Promise.allSettled(both)
      const restored = outcomes[round % 2 ? 0 : 1]?.status === 'fulfilled'
      expect(idsOf(home)).toHaveLength(before + (restored ? 2 : 1))
      expect(home.objectsOnDisk()).toEqual(idsOf(home))
    }
  })

  test('an object that somebody is reading is read to its end', async () => {
    await using home = await testHome({ HEARTHKEEP_SLOT_MAX_BYTES: String(16 * mebibyte) })
    const slot = home.slot()
    const bytes = someBytes(12 * mebibyte)
    await slot.put(bytes, 0)
    const reading = await home.ctx.vault.open(slot.find().blobId)
    await slot.put(someBytes(), 1)
    home.clock.move(31 * day)
    expect(await home.reap()).toBe(1)
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId])
    const parts: Uint8Array[] = []
    for await (const part of reading.chunks) parts.push(part)
    expect(Buffer.concat(parts).equals(bytes)).toBe(true)
  })
})

describe('orphans', () => {
  test('go when they are older than an hour', async () => {
    await using home = await testHome()
    await home.sweep()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    const orphan = leaveOrphan(home)
    home.clock.move(hour - minute)
    expect(await home.sweep()).toBe(0)
    home.clock.move(2 * minute)
    expect(await home.sweep()).toBe(1)
    expect(home.objectsOnDisk()).not.toContain(orphan)
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId])
  })

  test('that were in the store before this database stay for ever, those that come later go', async () => {
    await using home = await testHome()
    const anothers = leaveOrphan(home)
    home.age(home.objectPath(anothers), day)
    await home.sweep()
    home.clock.move(minute)
    const ours = leaveOrphan(home)
    home.age(home.objectPath(ours), -2 * minute)
    home.clock.move(10 * day)
    expect(await home.sweep()).toBe(1)
    expect(home.objectsOnDisk()).toEqual([anothers])
  })

  test('are spared while a restore that stopped half-way may go on with them', async () => {
    await using home = await testHome()
    await home.sweep()
    const old = leaveOrphan(home)
    home.clock.move(2 * hour)
    const begun = join(home.dataFolder, 'restoring')
    mkdirSync(begun)
    writeFileSync(join(begun, 'restoring.json'), '{"snapshot":"20261121-020000000-1a2b3c4d"}')
    expect(await home.sweep()).toBe(0)
    expect(home.objectsOnDisk()).toContain(old)
    rmSync(begun, { recursive: true })
    expect(await home.sweep()).toBe(1)
  })

  test('include the partial uploads of a process that died', async () => {
    await using home = await testHome()
    const partial = join(home.dataFolder, 'blobs', 'tmp', home.ctx.ids.uuid())
    writeFileSync(partial, someBytes())
    expect(await home.sweep()).toBe(0)
    home.age(partial, 2 * hour)
    expect(await home.sweep()).toBe(1)
    expect(home.partialsOnDisk()).toEqual([])
  })

  test('are never what is staged and not committed yet, even if the clock jumps ahead by a day', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const quota = home.ctx.vault.approve(slot.owner.accountId, 0)
    const staged = await home.ctx.vault.stage(chunksOf(someBytes()), quota, { limits: { min: 1, max: 1000 } })
    home.clock.move(day)
    expect(await home.sweep()).toBe(0)
    await home.ctx.vault.commit(staged, slot.kept, (_tx, keep) => keep({ version: 1, replaces: null }))
    expect(await home.sweep()).toBe(0)
    expect(home.objectsOnDisk()).toEqual([staged.blobId])
  })

  test('are never the beginning of an upload under way, even if the clock jumps ahead by a day', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const quota = home.ctx.vault.approve(slot.owner.accountId, 0)
    async function* slow() {
      yield someBytes(500)
      home.clock.move(day)
      await home.sweep()
      yield someBytes(500)
    }
    const staged = await home.ctx.vault.stage(slow(), quota, { limits: { min: 1, max: 1000 } })
    expect(home.objectsOnDisk()).toEqual([staged.blobId])
  })

  test('are not looked for in a store that is not there, which fails instead', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    rmSync(join(home.dataFolder, 'blobs'), { recursive: true })
    await expect(home.sweep()).rejects.toMatchObject({ code: 'store.unavailable' })
    expect(idsOf(home)).toEqual([slot.find().blobId])
  })
})

async function overwrite(slot: TestSlot, times: number): Promise<void> {
  for (let version = 0; version < times; version += 1) await slot.put(someBytes(), version)
}

function versions(home: TestHome, slot: TestSlot): number[] {
  return home.ctx.vault.history(slot.kept).map(({ version }) => version)
}

function idsOf(home: TestHome): string[] {
  return home.ctx.db.read
    .select({ id: blobs.id })
    .from(blobs)
    .all()
    .map(({ id }) => id)
    .sort()
}

/** An object as an upload leaves it whose process died before the commit. */
function leaveOrphan(home: TestHome): string {
  const id = home.ctx.ids.uuid()
  mkdirSync(join(home.objectPath(id), '..'), { recursive: true })
  writeFileSync(home.objectPath(id), someBytes())
  return id
}
