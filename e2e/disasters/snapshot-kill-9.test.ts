import { existsSync, readdirSync, rmSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { type CloudSlot, signUp } from '#e2e/support/disaster-client.ts'
import { brokenRows, databaseFaults, objectRows } from '#e2e/support/disaster-inspect.ts'
import {
  begin,
  filesBelow,
  keeping,
  ok,
  restore,
  snapshotFolder,
  temporaryFolder,
} from '#e2e/support/disaster-keeping.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startServer } from '#e2e/support/server.ts'

// Each verb is a process of its own, and a busy machine needs a second or two for it.
vi.setConfig({ testTimeout: 240_000 })

const random = seededRandom('a cable that is tripped over')
const mebibyte = 1024 * 1024
const objects = 48

test('a snapshot that is killed again and again is none until it is whole, and nothing is copied twice', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ env: snapshots.env })
  await fill(server)
  const env = { ...snapshots.env, HEARTHKEEP_DATA_DIR: server.dataFolder }
  const verbs = keeping(server.dataFolder, snapshots.env)
  await verbs.kit()

  const pieces = () => storedIn(snapshots.path, 'pieces')
  for (const wanted of [1, 12, 24]) {
    const run = begin(['snapshot', 'now'], env)
    await until(`${wanted} pieces are in the target`, () => pieces().length >= wanted, 60)
    await run.kill()
    expect(pieces().length).toBeLessThan(objects)
    expect(manifests(snapshots.path)).toEqual([])
  }
  const stored = pieces().length
  const taken = await ok(verbs.now())
  expect(taken.objects).toBe(objects)
  // Of each killed run, those under way at that moment are copied again: two at once.
  expect(taken.copied).toBeLessThanOrEqual(objects - stored + 3 * 2)
  expect(manifests(snapshots.path)).toHaveLength(1)
  await ok(verbs.sums())
})

test('a restore that is killed again and again goes on where it stopped, and no server starts on half of it', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  const data = folder.at('data')
  let key: string
  let slots: { slot: CloudSlot; hash: string }[]
  {
    await using server = await startServer({ dataFolder: data, env: snapshots.env })
    slots = await fill(server)
    const verbs = keeping(data, snapshots.env)
    key = await verbs.kit()
    await ok(verbs.now())
  }
  rmSync(data, { recursive: true })

  const to = folder.at('restored')
  const kept = () => storedIn(to, 'blobs').length
  const args = ['restore', '--from', snapshots.path, '--data-dir', to]
  for (const wanted of [0, 1, 10, 20]) {
    const run = begin(args, { HEARTHKEEP_RECOVERY_KEY: key })
    await until(`${wanted} objects are back`, () => existsSync(`${to}/restoring.json`) && kept() >= wanted, 60)
    await run.kill()
    expect(kept()).toBeLessThan(objects)
    const server = runProgram(to)
    expect(await server.ended).toBe(76)
    expect(server.output()).toMatch(/A restore of snapshot [0-9a-f-]+ into .* has not finished/)
  }
  await ok(restore(to, snapshots.path, key))
  expect(readdirSync(to).filter((name) => name.includes('restoring'))).toEqual([])
  expect(databaseFaults(to)).toEqual([])
  expect(brokenRows(to)).toEqual([])
  expect(objectRows(to)).toHaveLength(objects)
  await using server = await startServer({ dataFolder: to })
  for (const { slot, hash } of slots) expect(await slot.at(server).get()).toMatchObject({ status: 200, hash })
})

/** Some people with a history of large objects. */
async function fill(server: { readonly url: string }): Promise<{ slot: CloudSlot; hash: string }[]> {
  return Promise.all(
    Array.from({ length: 6 }, async () => {
      const { slot } = await signUp(server)
      let hash = ''
      for (let version = 0; version < objects / 6; version += 1) {
        const bytes = random.bytes(2 * mebibyte)
        expect((await slot.put(bytes, version)).status).toBe(200)
        hash = sha256(bytes)
      }
      return { slot, hash }
    }),
  )
}

function manifests(snapshots: string): string[] {
  return storedIn(snapshots, 'manifests')
}

/** Whole objects in the stores of that name. */
function storedIn(folder: string, store: 'pieces' | 'manifests' | 'blobs'): string[] {
  const whole = new RegExp(`/${store}/[0-9a-f-]{2}/[^/]+$`)
  return filesBelow(folder).filter((path) => whole.test(path))
}
