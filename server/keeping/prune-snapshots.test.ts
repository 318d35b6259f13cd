import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { someBytes, testHome } from '#server/testing.ts'
import { readState } from './keeping-state.ts'
import { snapshotsToKeep } from './prune-snapshots.ts'
import { makeRecoveryKey } from './recovery-key.ts'
import { keepSnapshots, runSnapshot } from './run-snapshots.ts'

const hour = 3_600_000
const day = 24 * hour

test('the newest of each of seven days and four weeks are kept, and the newest three', () => {
  const names: string[] = []
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2026, 2, 1); at += 12 * hour) names.push(nameAt(at))
  const kept = [...snapshotsToKeep(names.reverse(), { daily: 7, weekly: 4 })].sort().reverse()
  const days = kept.map((name) => name.slice(4, 11))
  expect(days).toEqual([
    ...['0228-12', '0228-00', '0227-12', '0226-12', '0225-12', '0224-12', '0223-12', '0222-12'],
    ...['0215-12', '0208-12'],
  ])
})

test('a year without snapshots deletes nothing', () => {
  const names = [nameAt(Date.UTC(2026, 5, 1)), ...[3, 2, 1].map((date) => nameAt(Date.UTC(2025, 0, date)))]
  expect(snapshotsToKeep(names, { daily: 7, weekly: 4 }).size).toBe(4)
})

test('objects that no kept snapshot has leave the target, a day later, and the others stay', async () => {
  const target = targetFolder()
  await using home = await testHome({
    HEARTHKEEP_SNAPSHOT_DIR: target,
    HEARTHKEEP_SNAPSHOT_KEEP_DAILY: '1',
    HEARTHKEEP_SNAPSHOT_KEEP_WEEKLY: '0',
  })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const slot = home.slot()
  await slot.put(someBytes(), 0)
  const first = slot.find().blobId as string
  await runSnapshot(home.ctx)
  await slot.put(someBytes(), 1)
  home.clock.move(31 * day)
  await home.reap()
  for (let run = 0; run < 3; run += 1) {
    await runSnapshot(home.ctx)
    home.clock.move(day)
  }
  const pieces = objectsIn(target, 'pieces')
  expect(pieces).not.toContain(first)
  expect(pieces).toContain(slot.find().blobId)
  expect(objectsIn(target, 'manifests')).toHaveLength(3)
  // The object, and a database and keys for each.
  expect(pieces).toHaveLength(1 + 3 * 2)
})

test('one snapshot is due a day, whatever a restart or the clock does', async () => {
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: targetFolder() })
  await expect(keepSnapshots(home.ctx)).rejects.toThrow('no recovery key')
  await makeRecoveryKey(home.ctx, home.dataFolder)
  const made = () => readState(home.ctx.db.read, 'snapshot.run')?.details.name
  await keepSnapshots(home.ctx)
  const first = made()
  expect(first).toMatch(/^\d{8}-\d{9}-[0-9a-f]{8}$/)
  home.clock.move(23 * hour)
  await keepSnapshots(home.ctx)
  expect(made()).toBe(first)
  home.clock.move(2 * hour)
  await keepSnapshots(home.ctx)
  const second = made()
  expect(second).not.toBe(first)
  home.clock.move(-400 * day)
  await keepSnapshots(home.ctx)
  expect(made()).not.toBe(second)
})

test('a folder that is another than before is not written to, whatever failed in between', async () => {
  const target = targetFolder()
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: target })
  await makeRecoveryKey(home.ctx, home.dataFolder)
  await runSnapshot(home.ctx)
  rmSync(target, { recursive: true })
  mkdirSync(target)
  await expect(runSnapshot(home.ctx)).rejects.toThrow('is its disk plugged in?')
  await makeRecoveryKey(home.ctx, home.dataFolder)
  for (let run = 0; run < 2; run += 1) await expect(runSnapshot(home.ctx)).rejects.toThrow('is its disk plugged in?')
  expect(readdirSync(target)).toEqual([])
  await runSnapshot(home.ctx, { adopt: true })
  await runSnapshot(home.ctx)
  expect(objectsIn(target, 'manifests')).toHaveLength(2)
})

test('a new kit begins anew, at once, and leaves what the old one opens', async () => {
  const target = targetFolder()
  await using home = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: target })
  await home.slot().put(someBytes(), 0)
  await makeRecoveryKey(home.ctx, home.dataFolder)
  await keepSnapshots(home.ctx)
  await makeRecoveryKey(home.ctx, home.dataFolder)
  await keepSnapshots(home.ctx)
  expect(readdirSync(target).filter((name) => statSync(join(target, name)).isDirectory())).toHaveLength(2)
  expect(objectsIn(target, 'manifests')).toHaveLength(2)
  expect(readState(home.ctx.db.read, 'snapshot.run')?.details.objects).toBe(1)
})

function nameAt(milliseconds: number): string {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '')
  return `${digits.slice(0, 8)}-${digits.slice(8, 17)}-00000000`
}

function targetFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-target-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'snapshots')
  mkdirSync(path)
  return path
}

/** Ids of what lies in the stores of that name, whatever key they are for. */
function objectsIn(target: string, store: 'pieces' | 'manifests'): string[] {
  return readdirSync(target, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes(`/${store}/`))
    .map(({ name }) => name)
}
