import { mkdirSync, renameSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { call, signUp } from '#e2e/support/disaster-client.ts'
import { hurryJobs } from '#e2e/support/disaster-clock.ts'
import { currentRow, inDatabase, objectPath } from '#e2e/support/disaster-inspect.ts'
import { flipBit, keeping, ok, snapshotFolder, temporaryFolder, told } from '#e2e/support/disaster-keeping.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { cannotMount, smallDisk } from '#e2e/support/disaster-small-disk.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { startS3Server } from '#e2e/support/s3-server.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

// Each verb is a process of its own, and a busy machine needs a second or two for it.
vi.setConfig({ testTimeout: 240_000 })

const random = seededRandom('a disk in a drawer')
const mebibyte = 1024 * 1024
const skipped = cannotMount ? ` (skipped: ${cannotMount})` : ''
const noStops = process.env.S3_TEST_ENDPOINT ? ' (skipped: an external S3 server cannot be stopped)' : ''
/** A snapshot every second, by the server itself. */
const often = { HEARTHKEEP_SNAPSHOT_HOURS: String(1 / 3600) }

test('the server takes snapshots by itself once there is a kit, says so, and says it when the folder is away', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ preload: [hurryJobs], env: { ...snapshots.env, ...often } })
  const { slot } = await signUp(server)
  const bytes = random.bytes(100_000)
  expect((await slot.put(bytes, 0)).status).toBe(200)
  await soon('it says that there is no kit', async () => outcome(server).includes('no recovery key'))
  const verbs = keeping(server.dataFolder, { ...snapshots.env, ...often })
  await verbs.kit()
  await soon('it has made a snapshot', async () => outcome(server) === 'ok')
  await soon('the metrics are green', async () => (await metric(server, 'snapshot_drill_ok')) === 1)
  expect(await metric(server, 'snapshot_ok')).toBe(1)
  expect(await metric(server, 'snapshot_objects')).toBe(1)

  renameSync(snapshots.path, `${snapshots.path}.away`)
  await soon('it says that the folder is away', async () => outcome(server).includes('There is no snapshot folder'))
  // An empty folder where the disk was: nothing may be written there, nobody would find it later.
  mkdirSync(snapshots.path)
  await soon('it says that it is another', async () => outcome(server).includes('is its disk plugged in?'))
  expect(await metric(server, 'snapshot_ok')).toBe(0)
  expect(await slot.get()).toMatchObject({ status: 200, hash: sha256(bytes) })
  expect((await slot.put(bytes, 1)).status).toBe(200)
  const health = await call(server, 'GET', '/health')
  expect(health.status).toBe(200)

  renameSync(`${snapshots.path}.away`, folder.at('put back'))
  renameSync(snapshots.path, folder.at('the empty one'))
  renameSync(folder.at('put back'), snapshots.path)
  await soon('it is well again', async () => outcome(server) === 'ok')
  expect(events(server)).toEqual(['snapshot.failed', 'snapshot.recovered', 'snapshot.failed', 'snapshot.recovered'])
})

test.skipIf(skipped)(`a target that is full leaves the server running and is told${skipped}`, async () => {
  using disk = smallDisk(24)
  const env = { HEARTHKEEP_SNAPSHOT_DIR: disk.folder }
  await using server = await startServer({ env })
  const { slot } = await signUp(server)
  for (let version = 0; version < 5; version += 1)
    expect((await slot.put(random.bytes(2 * mebibyte), version)).status).toBe(200)
  const verbs = keeping(server.dataFolder, env)
  const key = await verbs.kit()
  disk.fill(6 * mebibyte)
  expect(told(await verbs.now()).error.message).toBe('The snapshot target is full')
  expect(told(await verbs.status())).toMatchObject({ green: false, run: { outcome: 'The snapshot target is full' } })
  expect((await slot.head()).status).toBe(200)
  disk.empty()
  const { objects } = await ok(verbs.now())
  expect(objects).toBe(5)
  await ok(verbs.drill(key))
})

test.skipIf(noStops)(`a bucket that is away leaves the server running and is told${noStops}`, async () => {
  const s3 = await startS3Server()
  try {
    const { HEARTHKEEP_BLOBS: _, ...account } = s3Env(s3)
    const env = Object.fromEntries(
      Object.entries(account).map(([name, value]) => [name.replace('_S3_', '_SNAPSHOT_S3_'), value]),
    )
    await using server = await startServer({ env })
    const { slot } = await signUp(server)
    expect((await slot.put(random.bytes(1_000), 0)).status).toBe(200)
    const verbs = keeping(server.dataFolder, env)
    await verbs.kit()
    await ok(verbs.now())
    await s3.kill()
    expect((await slot.put(random.bytes(1_000), 1)).status).toBe(200)
    const answer = await verbs.now()
    expect(told(answer).error.message).toBe('The snapshot target cannot be reached')
    expect(answer.stdout + answer.stderr).not.toContain(s3.secretAccessKey)
    expect((await slot.head()).status).toBe(200)
    await s3.restart()
    expect(await ok(verbs.now())).toMatchObject({ objects: 2, copied: 1 })
  } finally {
    await s3.stop()
  }
})

test('the scrub finds by itself what has decayed, once within its days', async () => {
  await using server = await startServer({
    preload: [hurryJobs],
    env: { HEARTHKEEP_SCRUB_DAYS: String(2 / 86_400) },
  })
  const { slot } = await signUp(server)
  expect((await slot.put(random.bytes(9 * 100_000), 0)).status).toBe(200)
  const row = () => currentRow(server.dataFolder, slot.ownerId)
  await flipBit(objectPath(server.dataFolder, row().id))
  await soon('the object is in quarantine', () => row().state === 'quarantined')
  await soon('the metrics say so', async () => ((await metric(server, 'scrub_faults')) ?? 0) >= 1)
  await flipBit(objectPath(server.dataFolder, row().id))
  await soon('it is whole again, and found to be', () => row().state === 'live')
})

/** Patient: what is waited for are several runs of a job. */
function soon(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  return until(what, holds, 60)
}

function outcome(server: TestServer): string {
  const sql = "select outcome from jobs where name = 'snapshot.run'"
  const row = inDatabase(server.dataFolder, (sqlite) => sqlite.prepare(sql).get() as { outcome: string } | undefined)
  return row?.outcome ?? ''
}

function events(server: TestServer): string[] {
  const sql = "select event from audit_events where event in ('snapshot.failed', 'snapshot.recovered') order by at, id"
  const rows = inDatabase(server.dataFolder, (sqlite) => sqlite.prepare(sql).all() as { event: string }[])
  return rows.map(({ event }) => event)
}

async function metric(server: TestServer, name: string): Promise<number | null> {
  const { body } = await call(server, 'GET', '/metrics')
  const found = new RegExp(`^hearthkeep_${name} (\\S+)$`, 'm').exec(body.toString())
  return found ? Number(found[1]) : null
}
