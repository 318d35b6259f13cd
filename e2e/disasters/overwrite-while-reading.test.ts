import { afterAll, beforeAll, expect, test } from 'vitest'
import { signUp } from '#e2e/support/disaster-client.ts'
import { hurryJobs } from '#e2e/support/disaster-clock.ts'
import { currentRow, objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { openFiles } from '#e2e/support/disaster-process.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { beginDownload, beginUpload } from '#e2e/support/disaster-streams.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const large = 32 * mebibyte
const random = seededRandom('a slow reader')

let server: TestServer
beforeAll(async () => {
  // The history may be as large as the quota, so it holds one of the large versions and not two.
  const env = { HEARTHKEEP_SLOT_MAX_BYTES: String(64 * mebibyte), HEARTHKEEP_QUOTA_BYTES: String(48 * mebibyte) }
  server = await startServer({ env, preload: [hurryJobs] })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a download that began before an overwrite ends with the old bytes, even when the reaper has removed them', async () => {
  const { slot } = await signUp(server)
  const [first, second, third] = [random.bytes(large), random.bytes(large), random.bytes(1000)]
  expect((await slot.put(first, 0)).status).toBe(200)
  const { id } = currentRow(server.dataFolder, slot.ownerId)
  const old = await beginDownload(server, slot)
  expect(old).toMatchObject({ status: 200, version: 1, length: large })

  expect((await slot.put(second, 1)).status).toBe(200)
  const newer = await beginDownload(server, slot)
  expect((await slot.put(third, 2)).status).toBe(200)
  await until('the reaper has removed the first version', () => !objectsOnDisk(server.dataFolder).includes(id))

  expect(await slot.get()).toMatchObject({ status: 200, version: 3, hash: sha256(third) })
  expect(sha256(await old.rest())).toBe(sha256(first))
  expect(newer.version).toBe(2)
  expect(sha256(await newer.rest())).toBe(sha256(second))
})

test.each([
  ['before its first byte', 0],
  ['half-way', 20 * mebibyte],
  ['at its last byte', large - 1],
])('an upload that breaks off %s frees its slot and leaves no bytes', async (_, sent) => {
  const { slot: person } = await signUp(server)
  const slot = await person.addDevice()
  const before = objectsOnDisk(server.dataFolder)
  const bytes = random.bytes(large)
  const upload = beginUpload(server, slot, large, 0)
  if (sent > 0) await upload.send(bytes.subarray(0, sent))
  else await upload.send(bytes.subarray(0, 0))
  await until('the server has the beginning', () => partialsOnDisk(server.dataFolder).length === 1)
  expect(await slot.put(bytes.subarray(0, 1000), 0)).toMatchObject({ status: 409, error: 'Upload already in progress' })

  upload.destroy()
  const broke = performance.now()
  await until('the slot is free', async () => (await slot.put(bytes.subarray(0, 1000), 0)).status === 200, 2)
  expect(performance.now() - broke).toBeLessThan(2_000)
  expect(partialsOnDisk(server.dataFolder)).toEqual([])
  expect(objectsOnDisk(server.dataFolder)).toHaveLength(before.length + 1)
  expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes.subarray(0, 1000)) })
})

test('a second upload of a slot is refused while the first runs, which is not disturbed', async () => {
  const { slot: person } = await signUp(server)
  const slot = await person.addDevice()
  const bytes = random.bytes(large)
  const upload = beginUpload(server, slot, large, 0)
  await upload.send(bytes.subarray(0, mebibyte))
  await until('the server has the beginning', () => partialsOnDisk(server.dataFolder).length === 1)
  expect((await slot.put(bytes, 0)).status).toBe(409)
  // Another slot of the same person is nobody's business here.
  expect((await person.put(random.bytes(100), 0)).status).toBe(200)
  await upload.send(bytes.subarray(mebibyte))
  expect(await upload.answer).toEqual({ status: 200, version: 1 })
  expect(await slot.get()).toMatchObject({ status: 200, hash: sha256(bytes) })
})

test('an upload whose answer was lost can be sent again and is not stored twice', async () => {
  const { slot: person } = await signUp(server)
  for (const slot of [person, await person.addDevice()]) {
    const [first, second] = [random.bytes(1000), random.bytes(300_000)]
    expect((await slot.put(first, 0)).status).toBe(200)
    const upload = beginUpload(server, slot, second.length, 1)
    await upload.send(second)
    await until('the server has stored it', async () => (await slot.head()).version === 2)
    upload.destroy()

    const objects = objectsOnDisk(server.dataFolder)
    expect(await slot.put(second, 1)).toMatchObject({ status: 200, version: 2 })
    expect(objectsOnDisk(server.dataFolder)).toEqual(objects)
    // The same length is not enough, and neither are the same bytes over another version.
    const refused = slot.deviceId ? 412 : 409
    expect(await slot.put(random.bytes(second.length), 1)).toMatchObject({ status: refused, version: 2 })
    expect(await slot.put(second, 0)).toMatchObject({ status: refused, version: 2 })
    expect(await slot.get()).toMatchObject({ version: 2, hash: sha256(second) })
  }
})

test('a reader that goes away in the middle leaves no file open', async () => {
  const { slot } = await signUp(server)
  expect((await slot.put(random.bytes(large), 0)).status).toBe(200)
  const { id } = currentRow(server.dataFolder, slot.ownerId)
  const downloads = await Promise.all(Array.from({ length: 10 }, () => beginDownload(server, slot)))
  for (const download of downloads) download.destroy()
  await until('the object is closed', () => !openFiles(server.pid).some((path) => path.endsWith(id)))
})
