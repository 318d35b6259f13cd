import { expect, test } from 'vitest'
import { hurryJobs } from '#e2e/support/disaster-clock.ts'
import { databaseFaults, inDatabase } from '#e2e/support/disaster-inspect.ts'
import { seededRandom } from '#e2e/support/disaster-random.ts'
import { type Answer, Device } from '#e2e/support/oplog.ts'
import { startServer } from '#e2e/support/server.ts'

const rounds = 10
/** Characters of a payload; the longest two kinds go to the store. */
const sizes = [10, 344, 344, 344, 20_000, 200_000] as const

/** Contract point 12: the blob is there before the row, and the row before the answer. */
test(`after ${rounds} times kill -9 every acknowledged operation is there, once and whole`, {
  timeout: 180_000,
}, async () => {
  const random = seededRandom()
  console.log(`kill -9 of the log: DISASTER_SEED=${random.seed}`)
  await using server = await startServer({ preload: [hurryJobs] })
  const key = `key ${random.seed}`
  const sent = new Map<string, string>()
  const acknowledged = new Set<string>()
  let unanswered = 0

  for (let round = 0; round < rounds; round += 1) {
    const url = server.url
    let running = true
    let answers = 0
    const enough = random.integer(5, 40)
    const dying = Promise.withResolvers<void>()
    const write = async () => {
      const phone = new Device({ url }, key)
      let cursor: string | null = null
      for (let index = 0; running; index += 1) {
        const payload = random.bytes(random.pick(sizes)).toString('hex').slice(1)
        sent.set(`${phone.id} ${index}`, payload)
        const answer: Answer | null = await phone.send(payload, { cursor }).catch(() => null)
        if (!answer) {
          unanswered += 1
          return
        }
        expect(answer.status).toBe(200)
        cursor = answer.headers.get('sync-cursor')
        acknowledged.add(`${phone.id} ${index}`)
        answers += 1
        if (answers >= enough) dying.resolve()
      }
    }
    const writers = Array.from({ length: 4 }, write)
    await dying.promise
    await server.stop('SIGKILL')
    running = false
    await Promise.all(writers)
    await server.restart()
    await audit()
  }
  // Most kills must have hit something, or this test proves nothing.
  expect(unanswered).toBeGreaterThan(rounds)

  // What was never answered is sent again, and is stored once or was stored already (D14).
  const lost = [...sent].filter(([slot]) => !acknowledged.has(slot))
  for (const [slot, payload] of lost) {
    const [client_id = '', index] = slot.split(' ')
    const phone = new Device(server, key)
    const answer = await phone.send(payload, { client_id, operation_index: Number(index) })
    expect(answer.status).toBe(200)
    acknowledged.add(slot)
  }
  await audit()
  await server.stop()
  expect(databaseFaults(server.dataFolder)).toEqual([])
  const counts = inDatabase(server.dataFolder, (sqlite) =>
    sqlite.prepare('select operations, clients, (select count(*) from operations) as rows from oplog_users').get(),
  )
  expect(counts).toMatchObject({ operations: sent.size, rows: sent.size })

  async function audit(): Promise<void> {
    const { status, lines } = await new Device(server, key).fetch()
    expect(status).toBe(200)
    const found = new Map(lines.map((line) => [`${line.client_id} ${line.operation_index}`, line.payload]))
    expect(found.size).toBe(lines.length)
    expect([...acknowledged].filter((slot) => !found.has(slot))).toEqual([])
    expect([...found].filter(([slot, payload]) => sent.get(slot) !== payload).map(([slot]) => slot)).toEqual([])
  }
})
