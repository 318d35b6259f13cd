import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { signUp } from '#e2e/support/disaster-client.ts'
import { hurryJobs } from '#e2e/support/disaster-clock.ts'
import { brokenRows, databaseFaults, inDatabase, objectRows } from '#e2e/support/disaster-inspect.ts'
import {
  filesBelow,
  keeping,
  ok,
  restore,
  snapshotFolder,
  temporaryFolder,
  told,
} from '#e2e/support/disaster-keeping.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { seededRandom } from '#e2e/support/disaster-random.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { relyingParty } from '#e2e/support/factors.ts'
import { moveIn } from '#e2e/support/household.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { startS3Server } from '#e2e/support/s3-server.ts'
import { startServer } from '#e2e/support/server.ts'

// Each verb is a process of its own, and a busy machine needs a second or two for it.
vi.setConfig({ testTimeout: 240_000 })

const random = seededRandom('a house that burns down')
/** The name of the old machine, which the new one does not have. */
const oldName = { HEARTHKEEP_HOSTNAME: 'hearth.example', ...relyingParty }

test('a server whose data folder is destroyed comes back from a folder, with passwords, tokens, passkeys and its name', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  const env = { ...snapshots.env, ...oldName }
  const data = folder.at('data')
  let key: string
  let family: Awaited<ReturnType<typeof moveIn>>
  {
    await using server = await startServer({ dataFolder: data, env })
    family = await moveIn(server, random)
    // In a shell that does not know what the server is called.
    const verbs = keeping(data, snapshots.env)
    key = await verbs.kit()
    const taken = await ok(verbs.now())
    expect(taken.objects).toBe(objectRows(data).length)
    expect(await ok(verbs.drill(key))).toMatchObject({ pieces: taken.objects + 2 })
    expect(told(await verbs.status())).toMatchObject({ green: true })
    await server.stop('SIGKILL')
  }
  rmSync(data, { recursive: true })

  // Where the pages of an empty server put it together, which then takes over and is killed while it does.
  const restored = folder.at('new machine')
  const incoming = `${restored}/restoring`
  expect(await ok(restore(incoming, snapshots.path, key))).toMatchObject({ hostname: 'hearth.example', losses: [] })
  expect(databaseFaults(incoming)).toEqual([])
  expect(brokenRows(incoming)).toEqual([])
  const mark = `${restored}/moving-in.json`
  writeFileSync(mark, JSON.stringify({ snapshot: 'the newest', phase: 'clear' }))
  {
    await using taking = runProgram(restored)
    await until('it takes over', () => existsSync(`${restored}/before-restore`) || !existsSync(mark), 30)
    await taking.kill()
  }
  // Nothing of the old machine's environment is given to the new one.
  await using server = await startServer({ dataFolder: restored })
  expect(existsSync(incoming) || existsSync(mark)).toBe(false)
  await family.isServedBy(server)
  const { config } = told(await hearthkeep(['config', 'check', '--json'], { HEARTHKEEP_DATA_DIR: restored }))
  expect(config).toMatchObject({ hostname: 'hearth.example', relyingParty: { id: 'keys.world.app' } })

  // The new machine goes on with the same kit, and has next to nothing to copy.
  const again = await ok(keeping(restored, snapshots.env).now())
  expect(again.copied).toBe(0)
  expect(await ok(keeping(restored, snapshots.env).drill(key))).toMatchObject({ snapshot: again.name })
})

test('a server with its objects on S3 comes back from S3, to a disk or to another place on S3', async () => {
  const s3 = await startS3Server()
  try {
    using folder = temporaryFolder()
    const { HEARTHKEEP_BLOBS: _, ...account } = s3Env(s3)
    const target = Object.fromEntries(
      Object.entries(account).map(([name, value]) => [name.replace('_S3_', '_SNAPSHOT_S3_'), value]),
    )
    const env = { ...s3Env(s3), ...target, HEARTHKEEP_SNAPSHOT_S3_PREFIX: 'kept/here', ...oldName }
    const from = `s3://${s3.bucket}/kept/here`
    const data = folder.at('data')
    let key: string
    let family: Awaited<ReturnType<typeof moveIn>>
    {
      await using server = await startServer({ dataFolder: data, env })
      family = await moveIn(server, random)
      const verbs = keeping(data, env)
      key = await verbs.kit()
      expect((await ok(verbs.now())).objects).toBe(objectRows(data).length)
      expect((await ok(verbs.now())).copied).toBe(0)
      expect(await verbs.list()).toHaveLength(2)
      await ok(verbs.sums())
      await server.stop('SIGKILL')
    }
    rmSync(data, { recursive: true })

    const onDisk = folder.at('on disk')
    await ok(restore(onDisk, from, key, { env: target }))
    expect(brokenRows(onDisk)).toEqual([])
    {
      await using server = await startServer({ dataFolder: onDisk })
      await family.isServedBy(server)
    }
    const elsewhere = { ...s3Env(s3), HEARTHKEEP_S3_PREFIX: 'a-new-place' }
    const onS3 = folder.at('on S3')
    await ok(restore(onS3, from, key, { env: { ...target, ...elsewhere } }))
    await using server = await startServer({ dataFolder: onS3, env: elsewhere })
    await family.isServedBy(server)
    expect(existsSync(`${onS3}/blobs`)).toBe(false)
  } finally {
    await s3.stop()
  }
})

test('a snapshot made while everybody saves, and the reaper works, is one moment of it', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ preload: [hurryJobs], env: snapshots.env })
  const verbs = keeping(server.dataFolder, snapshots.env)
  const key = await verbs.kit()
  const slots = await Promise.all(Array.from({ length: 4 }, async () => (await signUp(server)).slot))
  let saving = true
  const writers = slots.map(async (slot) => {
    for (let version = 0; saving; version += 1) expect((await slot.put(random.bytes(5_000), version)).status).toBe(200)
  })
  try {
    for (let round = 0; round < 3; round += 1) {
      const taken = await ok(verbs.now())
      expect(taken.remarks).toEqual([])
    }
  } finally {
    saving = false
    await Promise.all(writers)
  }
  await ok(verbs.drill(key))
  const restored = folder.at('restored')
  await ok(restore(restored, snapshots.path, key))
  expect(databaseFaults(restored)).toEqual([])
  expect(brokenRows(restored)).toEqual([])
  const pointers = 'select count(*) as n from cloud_slots s join blobs b on b.id = s.blob_id'
  expect(inDatabase(restored, (sqlite) => sqlite.prepare(pointers).get())).toEqual({ n: 4 })
})

test('what lies in the target says nothing, and no key that opens it is on the server', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ env: snapshots.env })
  const { slot, username } = await signUp(server)
  const bytes = Buffer.from('a very plain secret '.repeat(500))
  expect((await slot.put(bytes, 0)).status).toBe(200)
  const verbs = keeping(server.dataFolder, snapshots.env)
  const key = await verbs.kit()
  await ok(verbs.now())
  const secrets = JSON.parse(readFileSync(`${server.dataFolder}/secrets.json`, 'utf8')) as { serverKey: string }
  const recipient = JSON.parse(readFileSync(`${server.dataFolder}/snapshot-recipient.json`, 'utf8')) as object
  for (const path of filesBelow(snapshots.path)) {
    const text = readFileSync(path).toString('latin1')
    for (const secret of ['a very plain secret', username, secrets.serverKey, 'SQLite format 3', key])
      expect(text).not.toContain(secret)
    for (const half of Object.values(recipient).filter((value) => String(value).length > 20))
      expect(text).not.toContain(half)
  }
  const digits = key.replaceAll('-', '')
  for (const path of filesBelow(server.dataFolder)) {
    const text = readFileSync(path).toString('latin1').replaceAll('-', '')
    expect(text).not.toContain(digits)
  }
  expect(
    told(await hearthkeep(['snapshot', 'kit', '--json'], { HEARTHKEEP_DATA_DIR: server.dataFolder })),
  ).toMatchObject({ ok: false, error: { kind: 'usage' } })
})

test('only a key that fits opens anything, and a typing error is told apart from another key', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ env: snapshots.env })
  const verbs = keeping(server.dataFolder, snapshots.env)
  const key = await verbs.kit()
  await ok(verbs.now())
  const to = folder.at('restored')
  const attempt = async (typed: string) => told(await restore(to, snapshots.path, typed)).error?.message as string

  const other = key.endsWith('0') ? '1' : '0'
  expect(await attempt(key.slice(0, -1) + other)).toContain('a digit is wrong')
  expect(await attempt(key.slice(0, -5))).toContain('36 digits')
  expect(await attempt('a password')).toContain('begins with HKR1')
  await using another = await startServer()
  const foreign = await keeping(another.dataFolder, {}).kit()
  expect(await attempt(foreign)).toMatch(/opens no snapshot in .*; those there are for the key [0-9a-f]{16}$/)
  expect(existsSync(to)).toBe(false)
  await ok(restore(to, snapshots.path, key.toLowerCase().replaceAll('-', ' ')))
})

test('nothing is restored over anything', async () => {
  using folder = temporaryFolder()
  const snapshots = snapshotFolder(folder)
  await using server = await startServer({ env: snapshots.env })
  const verbs = keeping(server.dataFolder, snapshots.env)
  const key = await verbs.kit()
  await ok(verbs.now())
  const attempt = async (to: string) => told(await restore(to, snapshots.path, key)).error.message as string
  expect(await attempt(server.dataFolder)).toContain('holds a Hearthkeep server already')
  const busy = folder.at('busy')
  mkdirSync(busy)
  writeFileSync(`${busy}/letter.txt`, 'dear')
  expect(await attempt(busy)).toContain('is not empty (letter.txt)')
  expect(readdirSync(busy)).toEqual(['letter.txt'])
})
