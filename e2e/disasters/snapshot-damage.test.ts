import { readdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type CloudSlot, signUp } from '#e2e/support/disaster-client.ts'
import { currentRow, eventsAbout, inDatabase, objectPath } from '#e2e/support/disaster-inspect.ts'
import {
  type Folder,
  filesBelow,
  flipBit,
  keeping,
  ok,
  pathOfPiece,
  restore,
  snapshotFolder,
  temporaryFolder,
  told,
} from '#e2e/support/disaster-keeping.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

// Each verb is a process of its own, and a busy machine needs a second or two for it.
vi.setConfig({ testTimeout: 240_000 })

const random = seededRandom('a snapshot that decays')

let folder: Folder
let snapshots: ReturnType<typeof snapshotFolder>
let server: TestServer
let verbs: ReturnType<typeof keeping>
let key: string
let hit: CloudSlot
let spared: { slot: CloudSlot; bytes: Buffer }
beforeAll(async () => {
  folder = temporaryFolder()
  snapshots = snapshotFolder(folder)
  server = await startServer({ env: snapshots.env })
  verbs = keeping(server.dataFolder, snapshots.env)
  key = await verbs.kit()
  hit = (await signUp(server)).slot
  expect((await hit.put(random.bytes(300_000), 0)).status).toBe(200)
  spared = { slot: (await signUp(server)).slot, bytes: random.bytes(200_000) }
  expect((await spared.slot.put(spared.bytes, 0)).status).toBe(200)
  await ok(verbs.now())
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  folder?.[Symbol.dispose]()
})

test.each([
  ['a bit is wrong in', (path: string) => flipBit(path, 1_000)],
  ['the last byte is missing of', async (path: string) => truncateSync(path, 300_000)],
  ['a whole chunk is missing of', async (path: string) => truncateSync(path, 8 + 32 + 2 * (65_536 + 16))],
  ['nothing is left of', async (path: string) => truncateSync(path, 0)],
  ['there is no more of', async (path: string) => rmSync(path)],
])('%s a piece: both drills and the restore name it, and the next snapshot mends it', async (_, damage) => {
  const { id } = currentRow(server.dataFolder, hit.ownerId)
  await damage(pathOfPiece(snapshots.path, id))

  for (const drill of [await verbs.sums(), await verbs.drill(key)]) {
    expect(drill.code).toBe(5)
    expect(told(drill).error.message).toContain(id)
  }
  expect(told(await verbs.status())).toMatchObject({ green: false, drill: { details: { damaged: [id] } } })

  const to = folder.at('restored')
  const refused = await restore(to, snapshots.path, key)
  expect(told(refused).error.message).toContain(id)
  const half = runProgram(to)
  expect(await half.ended).toBe(76)
  const { losses } = await ok(restore(to, snapshots.path, key, { args: ['--accept-losses'] }))
  expect(losses).toEqual([expect.stringContaining(id)])
  {
    await using restored = await startServer({ dataFolder: to })
    expect(await spared.slot.at(restored).get()).toMatchObject({ status: 200, hash: sha256(spared.bytes) })
    expect((await hit.at(restored).get()).status).toBe(404)
    expect(currentRow(to, hit.ownerId)).toMatchObject({ state: 'quarantined', fault: 'missing' })
  }
  rmSync(to, { recursive: true })

  expect((await ok(verbs.now())).copied).toBe(1)
  await ok(verbs.sums())
  await ok(verbs.drill(key))
  expect(told(await verbs.status())).toMatchObject({ green: true })
})

test('two pieces that have changed places are both named', async () => {
  const [one, other] = [hit, spared.slot].map((slot) =>
    pathOfPiece(snapshots.path, currentRow(server.dataFolder, slot.ownerId).id),
  ) as [string, string]
  const swap = () => {
    renameSync(one, `${one}.away`)
    renameSync(other, one)
    renameSync(`${one}.away`, other)
  }
  swap()
  const { message } = told(await verbs.drill(key)).error
  for (const slot of [hit, spared.slot]) expect(message).toContain(currentRow(server.dataFolder, slot.ownerId).id)
  swap()
  await ok(verbs.drill(key))
})

test('a damaged manifest is named, and the snapshot before it can still be had', async () => {
  const before = await verbs.list()
  const { name } = await ok(verbs.now())
  const path = filesBelow(snapshots.path).find((one) => one.endsWith(name)) as string
  await flipBit(path)
  expect(await verbs.list()).toContainEqual(expect.objectContaining({ name, damaged: true }))
  const to = folder.at('from the one before')
  const { message } = told(await restore(to, snapshots.path, key)).error
  expect(message).toContain(name)
  expect(message).toContain(before[0]?.name)
  const args = ['--at', before[0]?.name as string]
  expect(await ok(restore(to, snapshots.path, key, { args }))).toMatchObject({ losses: [] })
  rmSync(path)
})

test('a damaged database piece is named, and nothing is restored', async () => {
  await ok(verbs.now())
  const to = folder.at('without a database')
  const manifest = filesBelow(snapshots.path)
    .filter((path) => path.includes('/manifests/'))
    .sort((a, b) => (basename(a) < basename(b) ? 1 : -1))[0] as string
  const [id] = JSON.parse(readFileSync(manifest, 'utf8').split('\n')[1] as string).database as [string]
  await flipBit(pathOfPiece(snapshots.path, id))
  expect(told(await restore(to, snapshots.path, key)).error.message).toContain(id)
  expect(readdirSync(to)).not.toContain('hearthkeep.sqlite')
  expect(told(await verbs.drill(key)).error.message).toContain(`database: The piece ${id}`)
})

test('an object that is damaged here is told, and stays whole in the snapshot that has it', async () => {
  const { slot } = await signUp(server)
  const bytes = random.bytes(50_000)
  expect((await slot.put(bytes, 0)).status).toBe(200)
  await ok(verbs.now())
  const { id } = currentRow(server.dataFolder, slot.ownerId)
  await flipBit(objectPath(server.dataFolder, id))

  const scrubbed = await verbs.scrub()
  expect(scrubbed.code).toBe(5)
  expect(currentRow(server.dataFolder, slot.ownerId)).toMatchObject({ state: 'quarantined', fault: 'hash' })
  expect(eventsAbout(server.dataFolder, id)).toEqual(['object.quarantined'])
  const round = "select json_extract(checkpoint, '$.lastRound.faults') as faults from jobs where name = 'scrub.round'"
  expect(inDatabase(server.dataFolder, (sqlite) => sqlite.prepare(round).get())).toEqual({ faults: 1 })

  await ok(verbs.now())
  const to = join(folder.path, 'healed')
  expect(await ok(restore(to, snapshots.path, key))).toMatchObject({ losses: [] })
  await using restored = await startServer({ dataFolder: to })
  expect(await slot.at(restored).get()).toMatchObject({ status: 200, hash: sha256(bytes) })
  expect(currentRow(to, slot.ownerId)).toMatchObject({ state: 'live', fault: null })
})

test('an object that was damaged before any snapshot had it turns the snapshot red and is named', async () => {
  const { slot } = await signUp(server)
  expect((await slot.put(random.bytes(50_000), 0)).status).toBe(200)
  const { id } = currentRow(server.dataFolder, slot.ownerId)
  rmSync(objectPath(server.dataFolder, id))
  expect((await ok(verbs.now())).remarks).toEqual([`the object ${id} is missing and in no snapshot`])
  const status = await verbs.status()
  expect(status.code).toBe(1)
  expect(told(status)).toMatchObject({ green: false, run: { outcome: expect.stringContaining(id) } })
})
