import { writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { auditEvents, blobs } from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'
import { pointSlotAt } from '#server/surfaces/cloud-backup/store.ts'
import { chunksOf, someBytes, type TestHome, type TestSlot, testHome } from '#server/testing.ts'
import { readBlob } from './store.ts'
import type { Keep, Staged } from './vault.ts'

const limits = { min: 1, max: 1000 }
const mebibyte = 1024 * 1024

describe('staging', () => {
  test('stores bytes that no row knows, with their size and hash', async () => {
    await using home = await testHome()
    const staged = await stage(home, someBytes(64))
    expect(staged).toMatchObject({ size: 64, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(home.objectsOnDisk()).toEqual([staged.blobId])
    expect(readBlob(home.ctx.db.read, staged.blobId)).toBeUndefined()
    expect(home.ctx.vault.isInFlight(staged.blobId)).toBe(true)
  })

  test.each([
    ['too much', 1001, 'body.too_large'],
    ['too little', 0, 'body.too_small'],
  ])('keeps nothing of %s', async (_, size, code) => {
    await using home = await testHome()
    await expect(stage(home, someBytes(size))).rejects.toMatchObject({ code })
    expectEmpty(home)
  })

  test('keeps nothing of bytes that are not the ones that were promised', async () => {
    await using home = await testHome()
    const wrong = stage(home, someBytes(64), { sha256: '0'.repeat(64) })
    await expect(wrong).rejects.toMatchObject({ code: 'body.malformed' })
    expectEmpty(home)
  })

  test('stops reading a body at the limit, not after it', async () => {
    await using home = await testHome()
    let read = 0
    async function* endless() {
      for (;;) {
        read += 400
        yield someBytes(400)
      }
    }
    const quota = home.ctx.vault.approve(home.account(), 0)
    await expect(home.ctx.vault.stage(endless(), quota, { limits })).rejects.toMatchObject({ code: 'body.too_large' })
    expect(read).toBe(1200)
    expectEmpty(home)
  })

  test('keeps nothing of a body that breaks off or is given up', async () => {
    await using home = await testHome()
    const failure = new Problem('body.incomplete')
    async function* broken() {
      yield someBytes(100)
      throw failure
    }
    const quota = home.ctx.vault.approve(home.account(), 0)
    await expect(home.ctx.vault.stage(broken(), quota, { limits })).rejects.toBe(failure)

    const stop = new AbortController()
    async function* stuck() {
      yield someBytes(100)
      setTimeout(() => stop.abort(failure), 10)
      await new Promise(() => {})
    }
    const given = home.ctx.vault.stage(stuck(), quota, { limits, signal: stop.signal })
    await expect(given).rejects.toBe(failure)
    expectEmpty(home)
  })
})

describe('committing', () => {
  test('a lost race leaves the winner’s bytes and no second object', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const both = [someBytes(), someBytes()] as const
    const outcomes = await Promise.allSettled(both.map((bytes) => slot.put(bytes, 0)))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const winner = outcomes[0]?.status === 'fulfilled' ? both[0] : both[1]
    expect(await slot.get()).toEqual(winner)
    expect(home.objectsOnDisk()).toEqual([slot.find().blobId])
    expect(home.ctx.db.read.select().from(blobs).all()).toHaveLength(1)
  })

  test('sixteen writers at once make one history without gaps', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const won: Buffer[] = []
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let mine: Buffer | null = someBytes(); mine; ) {
          const version = won.length
          const bytes: Buffer = mine
          const outcome = await slot.put(bytes, version).catch(() => null)
          if (outcome === null) continue
          expect(outcome).toBe(version + 1)
          won[version] = bytes
          mine = null
        }
      }),
    )
    expect(slot.find().version).toBe(16)
    expect(await slot.get()).toEqual(won[15])
    expect(home.ctx.vault.history(slot.kept).map(({ version }) => version)).toEqual(
      Array.from({ length: 15 }, (_, index) => 15 - index),
    )
    expect(home.objectsOnDisk()).toHaveLength(16)
  })

  test('whatever the move throws undoes all of it and removes the object', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    const before = slot.find()
    const staged = await stage(home, someBytes())
    const failure = new Error('changed my mind')
    const commit = home.ctx.vault.commit(staged, slot.kept, (_tx, keep: Keep) => {
      keep({ version: 2, replaces: before.blobId })
      throw failure
    })
    await expect(commit).rejects.toBe(failure)
    expect(slot.find()).toEqual(before)
    expect(readBlob(home.ctx.db.read, before.blobId)?.state).toBe('live')
    expect(home.objectsOnDisk()).toEqual([before.blobId])
    expect(home.ctx.vault.isInFlight(staged.blobId)).toBe(false)
  })

  test('a commit that the database refuses keeps the version before', { timeout: 30_000 }, async () => {
    await using home = await testHome()
    const slot = home.slot()
    const bytes = someBytes()
    await slot.put(bytes, 0)
    const other = new Sqlite(home.ctx.db.path)
    other.exec('begin immediate')
    await expect(slot.put(someBytes(), 1)).rejects.toMatchObject({ code: 'store.unavailable' })
    other.close()
    expect(await slot.get()).toEqual(bytes)
    expect(await slot.put(someBytes(), 1)).toBe(2)
  })

  test('counts the quota again, since others may have committed meanwhile', async () => {
    await using home = await testHome()
    const account = home.account(150)
    const [first, second] = [home.slot(account), await stageAsIfApproved(home, account)]
    await first.put(someBytes(100), 0)
    const commit = home.ctx.vault.commit(second, { kind: 'other', id: account, accountId: account }, (_tx, keep) =>
      keep({ version: 1, replaces: null }),
    )
    await expect(commit).rejects.toMatchObject({ code: 'quota.exceeded' })
    expect(home.objectsOnDisk()).toEqual([first.find().blobId])
  })

  test('the quota counts live bytes alone, and not twice what is replaced', async () => {
    await using home = await testHome()
    const slot = home.slot(home.account(100))
    for (let version = 0; version < 4; version += 1) await slot.put(someBytes(100), version)
    await expect(slot.put(someBytes(101), 4)).rejects.toMatchObject({ code: 'quota.exceeded' })
    expect(slot.find().version).toBe(4)
  })
})

describe('history', () => {
  test('lists superseded versions, newest first, and restores one under a new version', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const versions = [someBytes(), someBytes(), someBytes()]
    for (const [version, bytes] of versions.entries()) await slot.put(bytes, version)
    expect(home.ctx.vault.history(slot.kept).map(({ version }) => version)).toEqual([2, 1])

    await restore(home, slot, 1)
    expect(slot.find().version).toBe(4)
    expect(await slot.get()).toEqual(versions[0])
    expect(home.ctx.vault.history(slot.kept).map(({ version }) => version)).toEqual([3, 2])
    expect(home.objectsOnDisk()).toHaveLength(3)
    expect(events(home)).toContain('object.restored')
  })

  test('restores nothing of somebody else’s, nothing twice and nothing that never was', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    await slot.put(someBytes(), 1)
    const stranger = { ...slot.kept, accountId: home.account() }
    const asStranger = home.ctx.vault.restore(stranger, 1, (_tx, keep) => keep({ version: 3, replaces: null }))
    await expect(asStranger).rejects.toMatchObject({ code: 'not_found' })
    await expect(restore(home, slot, 7)).rejects.toMatchObject({ code: 'not_found' })
    await restore(home, slot, 1)
    await expect(restore(home, slot, 1)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('restores nothing that would pass the quota, and leaves everything as it was', async () => {
    await using home = await testHome()
    const account = home.account(150)
    const slot = home.slot(account)
    await slot.put(someBytes(110), 0)
    await slot.put(someBytes(40), 1)
    const staged = await stage(home, someBytes(100))
    const other = { kind: 'other', id: account, accountId: account }
    await home.ctx.vault.commit(staged, other, (_tx, keep) => keep({ version: 1, replaces: null }))
    await expect(restore(home, slot, 1)).rejects.toMatchObject({ code: 'quota.exceeded' })
    expect(slot.find().version).toBe(2)
    expect(home.ctx.vault.history(slot.kept).map(({ version }) => version)).toEqual([1])
  })

  test('what is retired can be restored until its time is over', async () => {
    await using home = await testHome()
    const slot = home.slot()
    const bytes = someBytes()
    await slot.put(bytes, 0)
    const { blobId } = slot.find()
    await home.ctx.db.write((tx) => home.ctx.vault.retire(tx, blobId))
    expect(home.ctx.vault.history(slot.kept).map(({ id }) => id)).toEqual([blobId])
    await home.ctx.vault.restore(slot.kept, 1, (_tx, keep) => keep({ version: 2, replaces: null }))
    expect(readBlob(home.ctx.db.read, blobId)).toMatchObject({ state: 'live', version: 2, supersededAt: null })
  })
})

describe('reading', () => {
  test.each([100, 5 * mebibyte])(
    'an object of %i bytes that was found damaged and is whole again is live again',
    async (size) => {
      await using home = await testHome({ HEARTHKEEP_SLOT_MAX_BYTES: String(8 * mebibyte) })
      const slot = home.slot()
      const bytes = someBytes(size)
      await slot.put(bytes, 0)
      const { blobId } = slot.find()
      writeFileSync(home.objectPath(blobId), someBytes(size))
      await expect(slot.get()).rejects.toMatchObject({ code: 'object.damaged' })
      expect(readBlob(home.ctx.db.read, blobId)).toMatchObject({ state: 'quarantined', fault: 'hash' })

      writeFileSync(home.objectPath(blobId), bytes)
      expect((await slot.get()).equals(bytes)).toBe(true)
      expect(readBlob(home.ctx.db.read, blobId)).toMatchObject({ state: 'live', fault: null })
      expect(events(home)).toEqual(['object.quarantined', 'object.healed'])
    },
  )

  test('a damaged object that was replaced stays in quarantine and is never reaped', async () => {
    await using home = await testHome()
    const slot = home.slot()
    await slot.put(someBytes(), 0)
    const { blobId } = slot.find()
    writeFileSync(home.objectPath(blobId), someBytes())
    await expect(slot.get()).rejects.toMatchObject({ code: 'object.damaged' })
    await slot.put(someBytes(), 1)
    home.clock.move(365 * 24 * 3_600_000)
    expect(await home.reap()).toBe(0)
    expect(readBlob(home.ctx.db.read, blobId)?.state).toBe('quarantined')
    expect(home.objectsOnDisk()).toContain(blobId)
  })
})

function stage(home: TestHome, bytes: Buffer, promised: { sha256?: string } = {}): Promise<Staged> {
  const quota = home.ctx.vault.approve(home.account(), 0)
  return home.ctx.vault.stage(chunksOf(bytes), quota, { limits, ...promised })
}

/** Approved while there was room. */
function stageAsIfApproved(home: TestHome, account: string): Promise<Staged> {
  const quota = home.ctx.vault.approve(account, 100)
  return home.ctx.vault.stage(chunksOf(someBytes(100)), quota, { limits })
}

async function restore(home: TestHome, slot: TestSlot, version: number): Promise<void> {
  await home.ctx.vault.restore(slot.kept, version, (tx, keep) => {
    const current = slot.find()
    const next = current.version + 1
    pointSlotAt(tx, slot.owner, keep({ version: next, replaces: current.blobId }), next, home.clock.now())
  })
}

function expectEmpty(home: TestHome): void {
  expect(home.objectsOnDisk()).toEqual([])
  expect(home.partialsOnDisk()).toEqual([])
}

function events(home: TestHome): string[] {
  return home.ctx.db.read
    .select({ event: auditEvents.event })
    .from(auditEvents)
    .all()
    .map((row) => row.event)
}
