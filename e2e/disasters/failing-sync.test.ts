import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CloudSlot, call, signUp } from '#e2e/support/disaster-client.ts'
import { cannotFailSyncs, type FailingSyncs, failingSyncs } from '#e2e/support/disaster-failing-sync.ts'
import { objectRows, objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const random = seededRandom('a dying disk')
const failed = { status: 500, error: 'Internal server error' }
const skipped = cannotFailSyncs ? ` (skipped: ${cannotFailSyncs})` : ''

let disk: FailingSyncs
let server: TestServer
let slot: CloudSlot
const kept = random.bytes(1000)

beforeEach(async () => {
  if (cannotFailSyncs) return
  disk = failingSyncs()
  server = await startServer({ env: disk.env })
  slot = await (await signUp(server)).slot.addDevice()
  expect((await slot.put(kept, 0)).status).toBe(200)
})
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  disk?.[Symbol.dispose]()
})

test.skipIf(cannotFailSyncs)(
  `an object that the disk will not promise to keep is not acknowledged${skipped}`,
  async () => {
    disk.fail('/blobs/')
    expect(await slot.put(random.bytes(1000), 1)).toMatchObject(failed)
    expect((await call(server, 'GET', '/health')).status).toBe(503)
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(kept) })
    disk.heal()
    expect(objectsOnDisk(server.dataFolder)).toEqual(objectRows(server.dataFolder).map(({ id }) => id))
    expect(partialsOnDisk(server.dataFolder)).toEqual([])
    expect(await slot.put(random.bytes(1000), 1)).toMatchObject({ status: 200, version: 2 })
  },
)

test.skipIf(cannotFailSyncs)(
  `a commit that the disk will not promise to keep is not acknowledged${skipped}`,
  async () => {
    disk.fail('-wal')
    expect(await slot.put(random.bytes(1000), 1)).toMatchObject(failed)
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(kept) })
    disk.heal()
    expect(await slot.put(random.bytes(1000), 1)).toMatchObject({ status: 200, version: 2 })
  },
)

test.skipIf(cannotFailSyncs)(
  `a commit that failed, and is there after a crash all the same, has its bytes${skipped}`,
  async () => {
    const fresh = random.bytes(1000)
    disk.fail('-wal')
    expect(await slot.put(fresh, 1)).toMatchObject(failed)
    await server.stop('SIGKILL')
    disk.heal()
    // SQLite finds the whole transaction in its log: only the sync had failed.
    await server.restart()
    const answer = await slot.get()
    expect(answer.status).toBe(200)
    expect([sha256(kept), sha256(fresh)][(answer.version ?? 0) - 1]).toBe(answer.hash)
    expect(await slot.put(kept, answer.version ?? 0)).toMatchObject({ status: 200 })
  },
)
