import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { auditEvents } from '#db/schema/index.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { parseRecoveryKey, readRecipient } from './recovery-key.ts'
import { sampleStorage } from './sample-storage.ts'

const day = 24 * 3_600_000
const keeper = { accountId: 'keeper', address: '127.0.0.1' }
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-target-'))
  folders.push(folder)
  return folder
}

const kindsOf = async ({ ctx }: TestHome) => (await ctx.keeping.findConcerns()).map(({ kind }) => kind)

test('from nothing to a tested snapshot, with what the keeper is told on the way', async () => {
  await using home = await testHome()
  const { keeping, db } = home.ctx
  await home.slot().put(someBytes(), 0)
  expect(await kindsOf(home)).toEqual(['no_snapshots'])
  const folder = emptyFolder()
  const chosen = await keeping.chooseTarget({ kind: 'folder', folder }, keeper)
  expect(chosen).toMatchObject({ isChosen: true, refusal: null })
  expect(chosen.steps.every(({ ok }) => ok)).toBe(true)
  expect(readdirSync(folder)).toEqual([])
  expect(home.ctx.config.snapshots).toEqual({ kind: 'folder', folder })
  expect(await kindsOf(home)).toEqual(['no_kit'])

  const { key, keyId } = keeping.kits.make(keeper)
  expect(await readRecipient(home.dataFolder)).toBeNull()
  await expect(keeping.kits.confirm(keeper, 'UUUU')).rejects.toMatchObject({ code: 'input.invalid' })
  const other = { ...keeper, accountId: 'somebody else' }
  await expect(keeping.kits.confirm(other, key)).rejects.toMatchObject({ code: 'not_found' })
  await keeping.kits.confirm(keeper, ` ${key.slice(-4).toLowerCase()} `)
  expect((await readRecipient(home.dataFolder))?.id).toBe(keyId)
  expect(parseRecoveryKey(key).id).toBe(keyId)
  expect(db.read.select().from(auditEvents).all()).toContainEqual(
    expect.objectContaining({ event: 'snapshot.kit_made', accountId: 'keeper' }),
  )
  expect(await kindsOf(home)).toEqual([])

  keeping.takeSnapshot({ adopt: false })
  await vi.waitFor(() => expect(home.ctx.work.isRunning('snapshot')).toBe(false), 15_000)
  expect(await keeping.listSnapshots()).toEqual([expect.objectContaining({ objects: 1 })])
  expect(await keeping.readSnapshots()).toMatchObject({ run: { outcome: 'ok' }, drill: { outcome: 'ok' } })
  expect(await kindsOf(home)).toEqual([])

  home.clock.move(3 * day)
  expect(await kindsOf(home)).toEqual(['snapshot_old'])
  rmSync(folder, { recursive: true })
  keeping.takeSnapshot({ adopt: false })
  await vi.waitFor(() => expect(home.ctx.work.isRunning('snapshot')).toBe(false), 15_000)
  expect(home.ctx.work.stateOf('snapshot')?.failure).toContain('There is no snapshot folder')
  expect(await kindsOf(home)).toEqual(['snapshot_failed'])
  expect(await keeping.listSnapshots()).toContain('There is no snapshot folder')
})

describe('a place for snapshots is refused', () => {
  test('when it is in the data folder, not there, or given by the environment; and nothing changes', async () => {
    await using home = await testHome()
    const choose = (folder: string) => home.ctx.keeping.chooseTarget({ kind: 'folder', folder }, keeper)
    expect(await choose(join(home.dataFolder, 'snaps'))).toMatchObject({ isChosen: false, refusal: 'in_data_folder' })
    expect(await choose('/no/such/disk')).toMatchObject({ isChosen: false, refusal: 'no_folder' })
    expect(await choose('relative')).toMatchObject({ isChosen: false, refusal: 'not_absolute' })
    expect(home.ctx.config.snapshots).toBeNull()
    await using pinned = await testHome({ HEARTHKEEP_SNAPSHOT_DIR: emptyFolder() })
    expect(await pinned.ctx.keeping.tryTarget({ kind: 'folder', folder: emptyFolder() })).toMatchObject({
      refusal: 'pinned',
      detail: 'HEARTHKEEP_SNAPSHOT_DIR',
    })
    await expect(pinned.ctx.keeping.chooseTarget(null, keeper)).rejects.toMatchObject({ code: 'config.pinned' })
  })

  test('when a file lies in its stead: its test says so and leaves nothing', async () => {
    await using home = await testHome()
    const file = join(emptyFolder(), 'a file')
    writeFileSync(file, 'dear')
    expect(await home.ctx.keeping.tryTarget({ kind: 'folder', folder: file })).toMatchObject({ refusal: 'no_folder' })
  })
})

test('what is damaged is listed with its owner, kind and reason, and is a concern until it is well again', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(), 0)
  const path = home.objectPath(slot.find().blobId as string)
  rmSync(path)
  await expect(slot.get()).rejects.toMatchObject({ code: 'object.missing' })
  const { quarantined } = await home.ctx.keeping.readStorage()
  expect(quarantined).toEqual([
    expect.objectContaining({
      kind: 'cloud',
      fault: 'missing',
      isCurrent: true,
      version: 1,
      owner: expect.any(String),
    }),
  ])
  expect(quarantined[0]?.foundAt).not.toBeNull()
  expect(await kindsOf(home)).toEqual(['quarantined', 'no_snapshots'])
})

test('keeps one sample a day of how much is kept, and shows today as it is now', async () => {
  await using home = await testHome()
  const slot = home.slot()
  await slot.put(someBytes(1_000), 0)
  await sampleStorage(home.ctx)
  await sampleStorage(home.ctx)
  home.clock.move(day)
  await slot.put(someBytes(500), 1)
  const { samples } = await home.ctx.keeping.readStorage()
  expect(samples.map(({ live, history, objects }) => ({ live, history, objects }))).toEqual([
    { live: 1_000, history: 0, objects: 1 },
    { live: 500, history: 1_000, objects: 2 },
  ])
})

test('the store is not changed by a setting while it holds anything', async () => {
  const { changeVariables } = await import('#server/config/kept-variables.ts')
  await using home = await testHome()
  const change = () => changeVariables(home.ctx, null, { HEARTHKEEP_BLOBS_DIR: '/mnt/elsewhere' })
  await home.slot().put(someBytes(), 0)
  await expect(change()).rejects.toMatchObject({ code: 'config.refused' })
})
