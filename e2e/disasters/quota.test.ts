import { expect, test } from 'vitest'
import { signUp } from '#e2e/support/disaster-client.ts'
import { objectRows, objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { startServer } from '#e2e/support/server.ts'

const quota = 1_000_000
const exceeded = { status: 507, error: 'Storage quota exceeded' }
const random = seededRandom('a quota')

test('an upload past the quota is refused with 507, and the version before it stays', async () => {
  await using server = await startServer({ env: { HEARTHKEEP_QUOTA_BYTES: String(quota) } })
  const { slot } = await signUp(server)
  const kept = random.bytes(quota)
  expect(await slot.put(kept, 0)).toMatchObject({ status: 200, version: 1 })

  expect(await slot.put(random.bytes(quota + 1), 1)).toMatchObject(exceeded)
  expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(kept) })
  expect(objectsOnDisk(server.dataFolder)).toHaveLength(1)
  expect(objectRows(server.dataFolder)).toHaveLength(1)
  expect(partialsOnDisk(server.dataFolder)).toEqual([])

  // What is replaced does not count twice, and one person's quota is not another's.
  expect(await slot.put(random.bytes(quota), 1)).toMatchObject({ status: 200, version: 2 })
  const other = await signUp(server)
  expect(await other.slot.put(kept, 0)).toMatchObject({ status: 200, version: 1 })
})

test('of two uploads at once that together pass the quota, only one is kept', async () => {
  await using server = await startServer({ env: { HEARTHKEEP_QUOTA_BYTES: String(quota) } })
  const { slot } = await signUp(server)
  const slots = [slot, await slot.addDevice(), await slot.addDevice()]
  const answers = await Promise.all(slots.map((one) => one.put(random.bytes(600_000), 0)))

  expect(answers.map(({ status }) => status).sort()).toEqual([200, 507, 507])
  for (const answer of answers) if (answer.status !== 200) expect(answer).toMatchObject(exceeded)
  expect(objectsOnDisk(server.dataFolder)).toEqual(objectRows(server.dataFolder).map(({ id }) => id))
  expect(objectsOnDisk(server.dataFolder)).toHaveLength(1)
  const heads = await Promise.all(slots.map((one) => one.head()))
  expect(heads.map(({ status }) => status)).toEqual(answers.map(({ status }) => (status === 200 ? 200 : 404)))
})
