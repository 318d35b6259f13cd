import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Answer, type CloudSlot, call, signUp } from '#e2e/support/disaster-client.ts'
import { objectRows } from '#e2e/support/disaster-inspect.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { beginDownload, beginUpload } from '#e2e/support/disaster-streams.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { type S3Server, startS3Server } from '#e2e/support/s3-server.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const random = seededRandom('a store that goes away')
const failed = { status: 500, error: 'Internal server error' }
/** No answer may take longer, whatever the store does. */
const patience = 30_000
const skipped = process.env.S3_TEST_ENDPOINT ? ' (skipped: an external S3 server cannot be stopped)' : ''

let s3: S3Server
let server: TestServer
beforeEach(async () => {
  s3 = await startS3Server()
  server = await startServer({ env: { ...s3Env(s3), HEARTHKEEP_SLOT_MAX_BYTES: String(64 * mebibyte) } })
})
afterEach(async () => {
  s3?.resume()
  await server?.[Symbol.asyncDispose]()
  await s3?.stop()
})

test.skipIf(skipped)(
  `uploads and downloads fail cleanly while the store is down, and all is there afterwards${skipped}`,
  async () => {
    const { slot, device, kept } = await household()
    await s3.kill()

    for (const one of [slot, device]) {
      expectSoon(await one.put(random.bytes(100_000), 1), failed)
      expectSoon(await one.get(), failed)
      expectSoon(await one.head(), { status: 500 })
      // The turn of a device's slot is free again: another upload fails for the same reason, not for the first.
      expectSoon(await one.put(random.bytes(20 * mebibyte), 1), failed)
    }
    const health = await call(server, 'GET', '/health')
    expect(health.status).toBe(503)
    expect(JSON.parse(health.body.toString())).toMatchObject({ checks: { database: 'ok', store: 'failed' } })
    expect((await call(server, 'GET', '/ready')).status).toBe(500)
    expect(objectRows(server.dataFolder)).toHaveLength(2)

    await s3.restart()
    for (const one of [slot, device])
      expect(await one.get()).toMatchObject({ status: 200, version: 1, hash: sha256(kept) })
    for (const one of [slot, device]) expect(await one.put(kept, 1)).toMatchObject({ status: 200, version: 2 })
    await until('the server says that it is well', async () => (await call(server, 'GET', '/health')).status === 200)
    expect((await call(server, 'GET', '/ready')).status).toBe(200)
    expect(objectRows(server.dataFolder).every(({ state }) => state !== 'quarantined')).toBe(true)
  },
)

test.skipIf(skipped)(
  `a store that hangs is given up in time, and the server can still be stopped${skipped}`,
  { timeout: 120_000 },
  async () => {
    const { slot, device, kept } = await household()
    s3.pause()
    const answers = await Promise.all([
      device.put(random.bytes(100_000), 1),
      slot.put(random.bytes(20 * mebibyte), 1),
      slot.get(),
      slot.head(),
      call(server, 'GET', '/health'),
    ])
    const [put, putLarge, got, headed, health] = answers as [Answer, Answer, Answer, Answer, Answer]
    expectSoon(put, failed)
    expectSoon(putLarge, failed)
    expectSoon(got, failed)
    expectSoon(headed, { status: 500 })
    expectSoon(health, { status: 503 })

    s3.resume()
    expect(await device.put(kept, 1)).toMatchObject({ status: 200, version: 2 })
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(kept) })
  },
)

test.skipIf(skipped)(`a server whose store hangs starts, and stops within 10 s${skipped}`, async () => {
  await server.stop()
  s3.pause()
  await server.restart()
  const begin = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - begin).toBeLessThan(10_000)
})

test.skipIf(skipped)(
  `a store that dies in the middle of an upload and a download leaves both slots as they were${skipped}`,
  async () => {
    const { slot, device } = await household()
    const large = random.bytes(40 * mebibyte)
    expect((await slot.put(large, 1)).status).toBe(200)
    const upload = beginUpload(server, device, large.length, 1)
    await upload.send(large.subarray(0, 20 * mebibyte))
    const download = await beginDownload(server, slot)

    await s3.kill()
    const rest = upload.send(large.subarray(20 * mebibyte)).catch(() => {})
    // The download may have been read ahead, but never comes short and for whole.
    const read = await download.rest().catch(() => null)
    if (read) expect(sha256(read)).toBe(sha256(large))
    await rest
    expect(await upload.answer.catch(() => ({ status: 500 }))).toMatchObject({ status: 500 })

    await s3.restart()
    expect(await slot.get()).toMatchObject({ status: 200, version: 2, hash: sha256(large) })
    expect(await device.head()).toMatchObject({ status: 200, version: 1 })
    expect(await device.put(large, 1)).toMatchObject({ status: 200, version: 2 })
  },
)

/** A person's slot and a device's, each with one version of the same bytes. */
async function household(): Promise<{ slot: CloudSlot; device: CloudSlot; kept: Buffer }> {
  const { slot } = await signUp(server)
  const device = await slot.addDevice()
  const kept = random.bytes(200_000)
  for (const one of [slot, device]) expect((await one.put(kept, 0)).status).toBe(200)
  return { slot, device, kept }
}

function expectSoon(answer: Answer, expected: Partial<Answer>): void {
  expect(answer).toMatchObject(expected)
  expect(answer.milliseconds).toBeLessThan(patience)
}
