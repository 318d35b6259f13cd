import { randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startS3 } from '#e2e/support/s3-testing.ts'
import { describeBlobStore, inChunks, listed, readAll } from './compliance.ts'
import { s3Store } from './s3.ts'

const mebibyte = 1024 * 1024
const { proxy, corner, inspector, sloppy, stop } = await startS3()

afterAll(stop)

describeBlobStore(
  'the S3 store',
  async () => {
    const given = corner()
    const inside = inspector(given)
    return {
      store: s3Store(given),
      partials: inside.openUploads,
      leavePartial: inside.leaveUpload,
      dispose: async () => inside.close(),
    }
  },
  sloppy,
)

describe('the S3 store, at endpoints of all sorts', () => {
  beforeEach(() => {
    proxy.set({})
    proxy.seen.length = 0
  })

  test('sends small objects in one request and larger ones in parts of 8 MiB, each with its true SHA-256', async () => {
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    await store.refusesOverwrites()
    const uploads = () => proxy.seen.filter(({ method }) => method === 'PUT' || method === 'POST')
    proxy.seen.length = 0
    await store.put(randomUUID(), inChunks(randomBytes(8 * mebibyte)))
    expect(uploads().map(({ headers }) => headers['content-length'])).toEqual([String(8 * mebibyte)])

    proxy.seen.length = 0
    await store.put(randomUUID(), inChunks(randomBytes(20 * mebibyte + 1)), { length: 20 * mebibyte + 1 })
    const parts = uploads().filter(({ url }) => url?.includes('partNumber'))
    const sizes = parts.map(({ headers }) => Number(headers['content-length']))
    expect(sizes).toEqual([8 * mebibyte, 8 * mebibyte, 4 * mebibyte + 1])
    for (const { headers } of parts) expect(headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/)
    await store.close()
  })

  test('does without checksum headers and chunked encoding, which many endpoints refuse', async () => {
    proxy.set({ refuse: ({ headers }) => (usesChecksums(headers) ? 400 : undefined) })
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    for (const size of [0, 1_000, 3 * mebibyte, 10 * mebibyte]) {
      const [id, bytes] = [randomUUID(), randomBytes(size)]
      await store.put(id, inChunks(bytes))
      expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
    }
    await store.probe()
    await store.close()
  })

  test.each([400, 501])('looks before it writes where If-None-Match is answered with %i', async (status) => {
    proxy.set({ refuse: ({ headers }) => (headers['if-none-match'] ? status : undefined) })
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    expect(await store.refusesOverwrites()).toBe(false)
    const [id, bytes] = [randomUUID(), randomBytes(100)]
    await store.put(id, inChunks(bytes))
    await expect(store.put(id, inChunks(randomBytes(100)))).rejects.toMatchObject({ code: 'server.failed' })
    await expect(store.put(id, inChunks(randomBytes(9 * mebibyte)))).rejects.toMatchObject({ code: 'server.failed' })
    expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
    await store.close()
  })

  test('completes an upload where the condition is known on single puts only', async () => {
    proxy.set({ refuse: ({ method, headers }) => (method === 'POST' && headers['if-none-match'] ? 501 : undefined) })
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    const id = randomUUID()
    expect(await store.put(id, inChunks(randomBytes(9 * mebibyte)))).toBe(9 * mebibyte)
    await expect(store.put(id, inChunks(randomBytes(9 * mebibyte)))).rejects.toMatchObject({ code: 'server.failed' })
    await store.close()
  })

  test.each([
    ['a put', 1_000, (method?: string) => method === 'PUT'],
    [
      'the end of a multipart upload',
      9 * mebibyte,
      (method?: string, url = '') => method === 'POST' && /uploadId=/.test(url),
    ],
  ])('knows its own object again when the answer to %s is lost', async (_what, size, isLast) => {
    const given = corner({ endpoint: proxy.endpoint })
    const store = s3Store(given)
    await store.refusesOverwrites()
    let lost = 0
    proxy.set({
      loseAnswer: ({ method, url }) => {
        if (lost > 0 || !isLast(method, url)) return false
        lost += 1
        return true
      },
    })
    const [id, bytes] = [randomUUID(), randomBytes(size)]
    expect(await store.put(id, inChunks(bytes))).toBe(size)
    expect(lost).toBe(1)
    expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
    await store.close()
  })

  test.each([507, 503])('tells a full store from one that is down: %i', async (status) => {
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    await store.refusesOverwrites()
    proxy.set({ refuse: ({ method }) => (method === 'PUT' ? status : undefined) })
    const code = status === 507 ? 'store.full' : 'store.unavailable'
    await expect(store.put(randomUUID(), inChunks(randomBytes(10)))).rejects.toMatchObject({ code })
    await expect(store.put(randomUUID(), inChunks(randomBytes(9 * mebibyte)))).rejects.toMatchObject({ code })
    await store.close()
  })

  test('a missing bucket is a store that is unavailable, not a lost object', async () => {
    const store = s3Store(corner({ bucket: 'hearthkeep-no-such-bucket' }))
    const unavailable = { code: 'store.unavailable' }
    await expect(store.open(randomUUID())).rejects.toMatchObject(unavailable)
    await expect(store.stat(randomUUID())).rejects.toMatchObject(unavailable)
    await expect(store.delete(randomUUID())).rejects.toMatchObject(unavailable)
    await expect(listed(store)).rejects.toMatchObject(unavailable)
    await store.close()
  })

  test('errors show neither the key nor the secret', async () => {
    const wrong = { accessKeyId: 'AKIAWRONGWRONGWRONG1', secretAccessKey: 'not/the/secret/of/anybody' }
    const store = s3Store(corner(wrong))
    const errors = await Promise.allSettled([
      store.probe(),
      store.stat(randomUUID()),
      store.put(randomUUID(), inChunks(randomBytes(10))),
    ])
    for (const outcome of errors) {
      const shown = outcome.status === 'rejected' ? inspect(outcome.reason, { depth: 10, showHidden: true }) : ''
      expect(shown).toContain('store.unavailable')
      expect(shown).not.toContain(wrong.accessKeyId)
      expect(shown).not.toContain(wrong.secretAccessKey)
    }
    expect(() => s3Store(corner({ endpoint: 'https://user:hush@example.org' }))).toThrow(/must not hold credentials/)
    expect(() => s3Store(corner({ endpoint: 'https://user:hush@example.org' }))).not.toThrow(/hush/)
    await store.close()
  })

  test('refuses settings that cannot work', () => {
    expect(() => s3Store(corner({ endpoint: 'ftp://example.org' }))).toThrow(/http or https/)
    expect(() => s3Store(corner({ prefix: '../elsewhere' }))).toThrow(/prefix/)
    expect(() => s3Store(corner({ prefix: 'a b' }))).toThrow(/prefix/)
  })
})

function usesChecksums(headers: Record<string, string | string[] | undefined>): boolean {
  return (
    Object.keys(headers).some((name) => /^x-amz-(checksum-|sdk-checksum|trailer)/.test(name)) ||
    String(headers['content-encoding']).includes('aws-chunked') ||
    String(headers['x-amz-content-sha256']).startsWith('STREAMING')
  )
}
