import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { call, signUp } from '#e2e/support/disaster-client.ts'
import { hour, hurryJobs, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import {
  brokenRows,
  databaseFaults,
  lastRun,
  objectRows,
  objectsOnDisk,
  partialsOnDisk,
} from '#e2e/support/disaster-inspect.ts'
import { Ledger, type Unanswered } from '#e2e/support/disaster-ledger.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { type Random, seededRandom } from '#e2e/support/disaster-random.ts'
import { s3ForTest } from '#e2e/support/disaster-s3.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const rounds = 100
/** Of those, with the objects on S3. */
const roundsOnS3 = 12
/** A machine too busy for all of them in this time does fewer, but not less than a fifth; milliseconds. */
const patience = 75_000
/** Servers beside each other, each with a data folder of its own: a start costs a second that the other can use. */
const houses = 2
const people = 2
/** Bytes of an upload; most are small, some are as large as they may be. */
const sizes = [32, 33, 500, 2_048, 2_048, 9_000, 65_536, 65_536, 300_000, 2 * 1_048_576] as const

type Tally = { kills: number; answered: number; unanswered: number; retries: Record<string, number> }

test(`up to ${rounds} times kill -9 in the middle of uploads lose nothing that was acknowledged`, {
  timeout: 300_000,
}, async () => {
  const { random, tally } = begin('on disk')
  const share = (rounds - roundsOnS3) / houses
  const lives = Array.from({ length: houses }, async () => {
    const mine = seededRandom(`${random.seed} ${random.integer(0, 1e9)}`)
    using clock = wallClock()
    await using server = await startServer({ preload: [shiftClock, hurryJobs], env: clock.env })
    await killAgainAndAgain(server, share, mine, tally)
    await leaveNothingBehind(server, clock)
  })
  await Promise.all(lives)
  finish(tally, share * houses)
})

test(`up to ${roundsOnS3} of them with the objects on S3`, { timeout: 120_000 }, async () => {
  const { random, tally } = begin('on S3')
  await using s3 = await s3ForTest()
  await using server = await startServer({ preload: [hurryJobs], env: s3.env })
  await killAgainAndAgain(server, roundsOnS3, random, tally)
  finish(tally, roundsOnS3)
  expect(objectRows(server.dataFolder).filter(({ state }) => state === 'quarantined')).toEqual([])
})

function begin(where: string): { random: Random; tally: Tally } {
  const random = seededRandom()
  console.log(`kill -9 ${where}: DISASTER_SEED=${random.seed}`)
  return { random, tally: { kills: 0, answered: 0, unanswered: 0, retries: {} } }
}

function finish(tally: Tally, wanted: number): void {
  console.log(`kill -9: ${JSON.stringify(tally)}`)
  expect(tally.kills).toBeGreaterThanOrEqual(wanted / 5)
  // Most kills must have hit something, or this test proves nothing.
  expect(tally.unanswered).toBeGreaterThan(tally.kills)
  expect(tally.answered).toBeGreaterThan(tally.kills)
}

/** One data folder through its kills, with the reaper running all the time. */
async function killAgainAndAgain(server: TestServer, count: number, random: Random, tally: Tally): Promise<void> {
  const ledgers = await settle(server)
  const deadline = performance.now() + patience
  for (let round = 0; round < count && performance.now() < deadline; round += 1) {
    const unanswered = await uploadUntilKilled(server, ledgers, random, tally)
    await server.restart()
    expect((await call(server, 'GET', '/health')).status).toBe(200)
    await Promise.all(ledgers.map((ledger) => ledger.audit()))
    await retrySome(ledgers, unanswered, tally)
    expect(ledgers.flatMap((ledger) => ledger.faults)).toEqual([])
  }
}

/** A few people, each with a slot of their own and a device with another. */
async function settle(server: TestServer): Promise<Ledger[]> {
  const slots = await Promise.all(
    Array.from({ length: people }, async () => {
      const { slot } = await signUp(server)
      return [slot, await slot.addDevice()]
    }),
  )
  return slots.flat().map((slot) => new Ledger(slot))
}

/** Two writers race for every person's slot, one writes each device's; then the server dies at a moment of chance. */
async function uploadUntilKilled(server: TestServer, ledgers: Ledger[], random: Random, tally: Tally) {
  const unanswered: Unanswered[] = []
  let running = true
  let answers = 0

  async function write(ledger: Ledger): Promise<void> {
    while (running) {
      const { slot, seen: expected } = ledger
      const bytes = random.bytes(random.pick(sizes))
      ledger.sending(bytes, expected)
      const answer = await slot.put(bytes, expected).catch(() => null)
      if (!answer) {
        unanswered.push({ slot, expected, bytes })
        return
      }
      ledger.answered(bytes, expected, answer)
      answers += 1
      if (answer.status === 200) tally.answered += 1
    }
  }

  const writers = ledgers.flatMap((ledger) => (ledger.slot.deviceId ? [ledger] : [ledger, ledger])).map(write)
  // Counted in answers, so that a slow machine is hit in the same places; the rest is chance.
  const enough = random.integer(0, 15)
  await until('uploads are answered', () => answers >= enough)
  await sleep(random.integer(0, 20))
  const died = server.stop('SIGKILL')
  tally.kills += 1
  await died
  running = false
  await Promise.all(writers)
  tally.unanswered += unanswered.length
  return unanswered
}

/** One client of every slot tries again what it was never told about. */
async function retrySome(ledgers: Ledger[], unanswered: Unanswered[], tally: Tally): Promise<void> {
  const retries = ledgers.map(async (ledger) => {
    const lost = unanswered.find(({ slot }) => slot === ledger.slot)
    const outcome = lost ? await ledger.retry(lost) : 'nothing to retry'
    tally.retries[outcome] = (tally.retries[outcome] ?? 0) + 1
  })
  await Promise.all(retries)
}

/** Two hours later, when orphans are old enough to go, the disk holds exactly what the database knows. */
async function leaveNothingBehind(server: TestServer, clock: ReturnType<typeof wallClock>): Promise<void> {
  await server.stop()
  clock.shift(2 * hour)
  const restarted = Date.now() + hour
  await server.restart()
  await until('the reaper has been round', () => (lastRun(server.dataFolder, 'reap-orphans') ?? 0) > restarted)
  expect(await server.stop()).toBe(0)
  expect(databaseFaults(server.dataFolder)).toEqual([])
  expect(brokenRows(server.dataFolder)).toEqual([])
  expect(objectsOnDisk(server.dataFolder)).toEqual(objectRows(server.dataFolder).map(({ id }) => id))
  expect(partialsOnDisk(server.dataFolder)).toEqual([])
}

test('killed at any moment of its very first start, the next start works', { timeout: 120_000 }, async () => {
  const random = seededRandom()
  console.log(`kill -9 at the first start: DISASTER_SEED=${random.seed}`)
  // Each file is a stage of the start; the kill comes a few milliseconds into it.
  const stages = ['lock.sqlite', 'secrets.json', 'hearthkeep.sqlite', 'hearthkeep.sqlite-wal', 'blobs', 'run.json']
  await Promise.all(
    stages.map(async (stage) => {
      const dataFolder = mkdtempSync(join(tmpdir(), 'hearthkeep-first-'))
      try {
        for (let kill = 0; kill < 2; kill += 1) {
          await using first = runProgram(dataFolder)
          await until(`${stage} is there`, () => existsSync(join(dataFolder, stage)), 30)
          await sleep(random.integer(0, 15))
          await first.kill()
        }
        await using server = await startServer({ dataFolder })
        const { slot } = await signUp(server)
        expect((await slot.put(random.bytes(100), 0)).status).toBe(200)
        expect(databaseFaults(dataFolder)).toEqual([])
      } finally {
        rmSync(dataFolder, { recursive: true, force: true })
      }
    }),
  )
})
