import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { hour, hurryJobs, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { brokenRows, databaseFaults, lastRun, objectRows, objectsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { type Random, seededRandom } from '#e2e/support/disaster-random.ts'
import { s3ForTest } from '#e2e/support/disaster-s3.ts'
import { until } from '#e2e/support/disaster-until.ts'
import {
  type Api,
  type Backup,
  createBackup,
  createPayload,
  type Draft,
  draft,
  factorsAt,
  freshHash,
  hashes,
  type Metadata,
  startFactors,
} from '#e2e/support/factors.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import type { TestServer } from '#e2e/support/server.ts'

const sizes = [1, 500, 2_000, 70_000, 600_000] as const

/** What a backup may be after a crash: what was acknowledged last, or something sent since that nobody answered. */
type State = { hash: string; bytes: Buffer }
type Watched = { backup: Backup; current: State; sent: State[] }

test('kill -9 amid creates and syncs leaves whole states only, on disk', { timeout: 120_000 }, async () => {
  using clock = wallClock()
  await using server = await startFactors({ preload: [shiftClock, hurryJobs], env: clock.env })
  await killAgainAndAgain(server, 6)

  // Two hours later, when orphans may go, the disk holds what the database knows.
  await server.stop()
  clock.shift(2 * hour)
  const restarted = Date.now() + hour
  await server.restart()
  await until('the reaper has been round', () => (lastRun(server.dataFolder, 'reap-orphans') ?? 0) > restarted)
  expect(await server.stop()).toBe(0)
  expect(databaseFaults(server.dataFolder)).toEqual([])
  expect(brokenRows(server.dataFolder)).toEqual([])
  expect(objectsOnDisk(server.dataFolder)).toEqual(objectRows(server.dataFolder).map(({ id }) => id))
})

test('kill -9 amid creates and syncs leaves whole states only, on S3', { timeout: 120_000 }, async () => {
  await using s3 = await s3ForTest()
  await using server = await startFactors({ env: s3.env })
  await killAgainAndAgain(server, 2)
  expect(databaseFaults(server.dataFolder)).toEqual([])
  expect(objectRows(server.dataFolder).filter(({ state }) => state === 'quarantined')).toEqual([])
})

async function killAgainAndAgain(server: TestServer, rounds: number): Promise<void> {
  const random = seededRandom()
  console.log(`kill -9 of factor backups: DISASTER_SEED=${random.seed}`)
  const watched: Watched[] = []
  for (let n = 0; n < 3; n++) {
    const backup = await createBackup(factorsAt(server.url))
    watched.push({ backup, current: { hash: backup.manifestHash, bytes: backup.bytes }, sent: [] })
  }
  const tally = { acknowledged: 0, created: 0, cut: 0 }
  for (let round = 0; round < rounds; round++) {
    const began = await workUntilKilled(server, watched, random, tally)
    await server.restart()
    const api = factorsAt(server.url)
    for (const one of watched) await expectWhole(api, one)
    for (const one of began) await expectAllOrNothing(api, one)
  }
  console.log(`kill -9 of factor backups: ${JSON.stringify(tally)}`)
  expect(tally.acknowledged).toBeGreaterThan(0)
  expect(tally.cut).toBeGreaterThan(0)
}

/** Syncs of every watched backup and creates of new ones, until the server dies at a moment of chance. */
async function workUntilKilled(
  server: TestServer,
  watched: Watched[],
  random: Random,
  tally: { acknowledged: number; created: number; cut: number },
): Promise<Draft[]> {
  const api = factorsAt(server.url)
  const began: Draft[] = []
  let running = true

  async function keepSyncing(one: Watched): Promise<void> {
    while (running) {
      const next = { hash: freshHash(), bytes: random.bytes(random.pick(sizes)) }
      one.sent.push(next)
      const answer = await api.sync(one.backup.sync, hashes(one.current.hash, next.hash), next.bytes).catch(() => null)
      if (answer?.[0] !== 200) {
        tally.cut += 1
        return
      }
      one.current = next
      one.sent = []
      tally.acknowledged += 1
    }
  }

  async function keepCreating(): Promise<void> {
    while (running) {
      const one = draft({ bytes: randomBytes(random.pick(sizes)) })
      const payload = await createPayload(api, one).catch(() => null)
      if (!payload) return
      began.push(one)
      const answer = await api.sendForm('create', payload, one.bytes).catch(() => null)
      if (answer?.[0] !== 200) {
        tally.cut += 1
        return
      }
      tally.created += 1
      watched.push({
        backup: { ...one, metadata: (answer[1] as { backupMetadata: Metadata }).backupMetadata },
        current: { hash: one.manifestHash, bytes: one.bytes },
        sent: [],
      })
      began.pop()
    }
  }

  const work = [...watched.slice(0, 3).map(keepSyncing), keepCreating()]
  await sleep(random.integer(20, 350))
  await server.stop('SIGKILL')
  running = false
  await Promise.all(work)
  return began
}

/** The bytes and the hash belong together, and are not older than what was acknowledged. */
async function expectWhole(api: Api, one: Watched): Promise<void> {
  const [status, body] = await api.retrieve(one.backup.main)
  expect(status).toBe(200)
  const { backup, metadata } = body as { backup: string; metadata: Metadata }
  const found = [one.current, ...one.sent].find(({ hash }) => hash === metadata.manifestHash)
  expect(found?.bytes.toString('base64') === backup).toBe(true)
  if (found) one.current = found
  one.sent = []
  expect((await api.metadata(one.backup.sync))[0]).toBe(200)
}

/** A create that nobody answered is there with both its factors, or can be done again with the same ones. */
async function expectAllOrNothing(api: Api, one: Draft): Promise<void> {
  if ((await api.status(one.id))[0] === 200) {
    const [status, body] = await api.retrieve(one.main)
    expect([status, (body as { backup: string }).backup === one.bytes.toString('base64')]).toEqual([200, true])
    expect((await api.metadata(one.sync))[0]).toBe(200)
    return
  }
  expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
  await createBackup(api, one)
}
