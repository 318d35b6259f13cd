import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { expect, onTestFinished, test } from 'vitest'
import { blobs } from '#db/schema/index.ts'
import { someBytes, testHome } from '#server/testing.ts'
import { readState } from './keeping-state.ts'
import { makeRecoveryKey, NoRecoveryKey } from './recovery-key.ts'
import { keepSnapshots, runSnapshot } from './run-snapshots.ts'
import { openWorkFolder, SnapshotUnderWay } from './work-folder.ts'

test('of two runs at once, in whatever process, one waits for another day', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  using _first = await openWorkFolder(home.dataFolder, 'anything')
  await expect(runSnapshot(home.ctx)).rejects.toThrow(SnapshotUnderWay)
  expect(readState(home.ctx.db.read, 'snapshot.run')).toBeNull()
})

test('without a kit nothing is written to the target, and the reason is kept', async () => {
  const target = targetFolder()
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: target })
  await expect(runSnapshot(home.ctx)).rejects.toThrow(NoRecoveryKey)
  expect(readdirSync(target)).toEqual([])
  expect(readState(home.ctx.db.read, 'snapshot.run')?.outcome).toContain('hearthkeep snapshot kit')
})

test('a server that stops leaves a run for the next start, and that is no failure', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  for (let slots = 0; slots < 3; slots += 1) await home.slot().put(someBytes(), 0)
  await keepSnapshots(home.ctx, AbortSignal.abort())
  expect(readState(home.ctx.db.read, 'snapshot.run')).toBeNull()
  await keepSnapshots(home.ctx)
  expect(readState(home.ctx.db.read, 'snapshot.run')).toMatchObject({ outcome: 'ok', details: { objects: 3 } })
})

test('each object is copied once, however many snapshots have it', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const slot = home.slot()
  await slot.put(someBytes(), 0)
  expect(await runSnapshot(home.ctx)).toMatchObject({ objects: 1, copied: 1, remarks: [] })
  await slot.put(someBytes(), 1)
  expect(await runSnapshot(home.ctx)).toMatchObject({ objects: 2, copied: 1 })
  expect(await runSnapshot(home.ctx)).toMatchObject({ objects: 2, copied: 0 })
})

test('leaves no copy of the database behind, whether it succeeds or fails', async () => {
  const target = targetFolder()
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: target })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const left = () => readdirSync(join(home.dataFolder, 'snapshot-work')).filter((name) => name.startsWith('database'))
  await runSnapshot(home.ctx)
  expect(left()).toEqual([])
  rmSync(target, { recursive: true })
  await expect(runSnapshot(home.ctx)).rejects.toThrow('There is no snapshot folder')
  expect(left()).toEqual([])
})

test('a database that is not sound makes no snapshot', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const slot = home.slot()
  await slot.put(someBytes(), 0)
  home.ctx.db.read.run(sql`pragma foreign_keys = off`)
  home.ctx.db.read.run(sql`delete from accounts`)
  await expect(runSnapshot(home.ctx)).rejects.toThrow('the copy of the database is damaged')
})

test('an object that the reaper has claimed is not missed', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const slot = home.slot()
  await slot.put(someBytes(), 0)
  const first = slot.find().blobId as string
  await slot.put(someBytes(), 1)
  home.ctx.db.read.update(blobs).set({ state: 'reaping' }).where(eq(blobs.id, first)).run()
  rmSync(home.objectPath(first))
  expect(await runSnapshot(home.ctx)).toMatchObject({ objects: 1, remarks: [] })
})

function targetFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-target-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'snapshots'))
  return join(folder, 'snapshots')
}
