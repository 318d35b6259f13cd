import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signUp } from '#e2e/support/disaster-client.ts'
import { objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { runProgram } from '#e2e/support/disaster-program.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { beginDownload, beginUpload } from '#e2e/support/disaster-streams.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { startServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const drainLimit = 10_000
const random = seededRandom('a house')
const largeSlots = { HEARTHKEEP_SLOT_MAX_BYTES: String(64 * mebibyte) }

test('a second server on the folder refuses in words, and the first does not notice', async () => {
  await using server = await startServer()
  const { slot } = await signUp(server)
  expect((await slot.put(random.bytes(1000), 0)).status).toBe(200)
  const runFile = join(server.dataFolder, 'run.json')
  const run = readFileSync(runFile, 'utf8')

  await using second = runProgram(server.dataFolder)
  expect(await second.ended).toBe(75)
  expect(second.output().trim()).toBe(`Another Hearthkeep server is running on this data folder: ${server.dataFolder}`)
  expect(readFileSync(runFile, 'utf8')).toBe(run)
  expect(await slot.put(random.bytes(1000), 1)).toMatchObject({ status: 200, version: 2 })
})

test('of ten servers started on a folder at once exactly one serves', { timeout: 120_000 }, async () => {
  await using server = await startServer()
  await server.stop()
  const programs = Array.from({ length: 10 }, () => runProgram(server.dataFolder))
  const served = await Promise.all(
    programs.map((program) =>
      program.serving().then(
        () => true,
        () => false,
      ),
    ),
  )
  expect(served.filter(Boolean)).toHaveLength(1)
  for (const [index, program] of programs.entries()) {
    expect(await (served[index] ? program.stop() : program.ended)).toBe(served[index] ? 0 : 75)
    expect(program.output().includes('Another Hearthkeep server is running')).toBe(!served[index])
  }
})

test('after kill -9 the next server starts at once, with nothing to clean up', async () => {
  await using server = await startServer()
  const { slot } = await signUp(server)
  const bytes = random.bytes(1000)
  expect((await slot.put(bytes, 0)).status).toBe(200)
  for (let round = 0; round < 3; round += 1) {
    await server.stop('SIGKILL')
    await server.restart()
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
  }
})

test('SIGTERM lets the upload and the download under way end, then the server goes', async () => {
  await using server = await startServer({ env: largeSlots })
  const { slot } = await signUp(server)
  const device = await slot.addDevice()
  const [old, bytes] = [random.bytes(40 * mebibyte), random.bytes(10 * mebibyte)]
  expect((await slot.put(old, 0)).status).toBe(200)
  const upload = beginUpload(server, device, bytes.length, 0)
  await upload.send(bytes.subarray(0, 5 * mebibyte))
  await until('the server has the beginning', () => partialsOnDisk(server.dataFolder).length === 1)
  const download = await beginDownload(server, slot)

  const begin = performance.now()
  const stopped = server.stop()
  await until('run.json is gone', () => !existsSync(join(server.dataFolder, 'run.json')))
  await expect(slot.head()).rejects.toThrow('fetch failed')
  await upload.send(bytes.subarray(5 * mebibyte))
  expect(await upload.answer).toEqual({ status: 200, version: 1 })
  expect(sha256(await download.rest())).toBe(sha256(old))
  expect(await stopped).toBe(0)
  expect(performance.now() - begin).toBeLessThan(drainLimit)

  await server.restart()
  expect(await device.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
})

test('SIGTERM does not wait longer than 10 s for an upload that never ends, and keeps none of it', async () => {
  await using server = await startServer({ env: largeSlots })
  const { slot } = await signUp(server)
  const upload = beginUpload(server, slot, 1000, 0)
  await upload.send(random.bytes(999))
  await until('the server has the beginning', () => partialsOnDisk(server.dataFolder).length === 1)
  const begin = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - begin).toBeLessThan(drainLimit)
  await expect(upload.answer).rejects.toThrow()
  // What is left of it lies among the partial uploads, which are swept an hour later, as after a crash.
  expect(objectsOnDisk(server.dataFolder)).toEqual([])

  await server.restart()
  expect((await slot.get()).status).toBe(404)
  expect((await slot.put(random.bytes(1000), 0)).status).toBe(200)
})

test('SIGTERM does not wait for connections that are only kept open', async () => {
  await using server = await startServer()
  const { slot } = await signUp(server)
  const upload = beginUpload(server, slot, 1000, 0)
  await upload.send(random.bytes(500))
  // fetch keeps its connections: these were used, and stay open beside the upload.
  await Promise.all(Array.from({ length: 8 }, () => slot.head()))
  const begin = performance.now()
  const stopped = server.stop()
  await upload.send(random.bytes(500))
  expect((await upload.answer).status).toBe(200)
  expect(await stopped).toBe(0)
  expect(performance.now() - begin).toBeLessThan(drainLimit - 2_000)
})
