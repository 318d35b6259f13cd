import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startS3 } from '#e2e/support/s3-testing.ts'
import { listed } from './compliance.ts'
import { diskStore } from './disk.ts'
import { s3Store } from './s3.ts'
import { selfTest, selfTestSteps } from './self-test.ts'

const { proxy, corner, stop } = await startS3()
const settings = corner({ endpoint: proxy.endpoint })

afterAll(stop)

test('passes every step at a good endpoint and leaves nothing there', async () => {
  const store = s3Store(settings)
  const results = await selfTest(store)
  expect(results.map(({ step }) => step)).toEqual([...selfTestSteps])
  expect(results.filter(({ ok }) => !ok)).toEqual([])
  expect(await listed(store)).toEqual([])
  await store.close()
})

test('passes on a disk too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearthkeep-blobs-'))
  const store = diskStore({ folder })
  expect((await selfTest(store)).filter(({ ok }) => !ok)).toEqual([])
  expect(await listed(store)).toEqual([])
  expect(await readdir(join(folder, 'tmp'))).toEqual([])
  await store.close()
  await rm(folder, { recursive: true })
})

test('says so when the endpoint ignores If-None-Match', async () => {
  proxy.set({ refuse: ({ headers }) => (headers['if-none-match'] ? 501 : undefined) })
  const store = s3Store(settings)
  const results = await selfTest(store)
  expect(results.find(({ step }) => step === 'conditional put')).toMatchObject({
    ok: true,
    message: expect.stringMatching(/If-None-Match/),
  })
  await store.close()
})

test('names the step that an endpoint cannot do, and goes on with the others', async () => {
  proxy.set({ refuse: ({ url }) => (/[?&]uploads/.test(url ?? '') ? 501 : undefined) })
  const store = s3Store(settings)
  const results = await selfTest(store)
  expect(results.filter(({ ok }) => !ok)).toMatchObject([
    { step: 'multipart', message: expect.stringMatching(/CreateMultipartUpload.*501/) },
  ])
  expect(await listed(store)).toEqual([])
  await store.close()
})

test('tries nothing more after a first put that fails, and says why without the key', async () => {
  proxy.set({})
  const store = s3Store({ ...settings, accessKeyId: 'AKIANOBODYS' })
  const results = await selfTest(store)
  expect(results).toHaveLength(selfTestSteps.length)
  expect(results[0]).toMatchObject({
    step: 'put',
    ok: false,
    message: expect.stringMatching(/PutObject: .*HTTP 40[34]/),
  })
  expect(results.slice(1).every(({ ok, message }) => !ok && message === 'not tried')).toBe(true)
  expect(JSON.stringify(results)).not.toContain('AKIANOBODYS')
  await store.close()
})
