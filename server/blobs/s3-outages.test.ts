import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:net'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { startS3, why } from '#e2e/support/s3-testing.ts'
import { inChunks, listed, readAll } from './compliance.ts'
import { s3Store } from './s3.ts'

const mebibyte = 1024 * 1024
const { server, proxy, corner, inspector, sloppy, cannotStop, stop } = await startS3()

afterAll(stop)

describe('the S3 store, when the endpoint fails', () => {
  beforeEach(() => proxy.set({}))

  test.skipIf(sloppy)(
    `an endpoint that dies during an upload leaves no object, and what it keeps is swept${why(sloppy)}`,
    async () => {
      const given = corner({ endpoint: proxy.endpoint })
      const [store, inside] = [s3Store(given), inspector(given)]
      await store.refusesOverwrites()
      for (const [size, dieAfterUploaded] of [
        [4 * mebibyte, mebibyte],
        [40 * mebibyte, 20 * mebibyte],
      ] as const) {
        const id = randomUUID()
        proxy.set({ dieAfterUploaded })
        const begin = performance.now()
        const put = store.put(id, inChunks(randomBytes(size)))
        await expect(put).rejects.toMatchObject({ code: 'store.unavailable' })
        expect(performance.now() - begin).toBeLessThan(10_000)
        proxy.set({})
        expect(await store.stat(id)).toBeNull()
        await store.sweepPartials(new Date(Date.now() + 60_000))
        expect(await inside.openUploads()).toEqual([])
        expect(await listed(store)).toEqual([])
      }
      inside.close()
      await store.close()
    },
  )

  test('a part that is refused ends the upload at once and leaves nothing', async () => {
    const given = corner({ endpoint: proxy.endpoint })
    const [store, inside] = [s3Store(given), inspector(given)]
    await store.refusesOverwrites()
    proxy.set({ refuse: ({ url }) => (url?.includes('partNumber=2') ? 403 : undefined) })
    async function* source() {
      for (let turn = 0; turn < 17; turn += 1) yield randomBytes(mebibyte)
      await new Promise(() => {})
    }
    await expect(store.put(randomUUID(), source())).rejects.toMatchObject({ code: 'store.unavailable' })
    expect(await inside.openUploads()).toEqual([])
    inside.close()
    await store.close()
  })

  test('an upload that cannot even begin ends its source', async () => {
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    await store.refusesOverwrites()
    proxy.set({ refuse: ({ method }) => (method === 'POST' ? 403 : undefined) })
    let ended = false
    async function* source() {
      try {
        for (;;) yield randomBytes(mebibyte)
      } finally {
        ended = true
      }
    }
    await expect(store.put(randomUUID(), source())).rejects.toMatchObject({ code: 'store.unavailable' })
    expect(ended).toBe(true)
    await store.close()
  })

  test('a download that is cut short fails instead of ending early', async () => {
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(2 * mebibyte)))
    for (const range of [undefined, { start: 10, end: 2 * mebibyte - 10 }]) {
      proxy.set({ cutDownloadAfter: mebibyte })
      const reader = await store.open(id, range)
      await expect(readAll(reader)).rejects.toMatchObject({ code: 'store.unavailable' })
    }
    proxy.set({})
    expect(await readAll(await store.open(id))).toHaveLength(2 * mebibyte)
    await store.close()
  })

  test('a download that stalls fails after a while, but a slow reader is waited for', async () => {
    const patience = { idle: 500 }
    const store = s3Store({ ...corner({ endpoint: proxy.endpoint }), patience })
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(8 * mebibyte)))

    proxy.set({ stallDownloadAfter: mebibyte })
    await expect(readAll(await store.open(id))).rejects.toMatchObject({ code: 'store.unavailable' })

    proxy.set({})
    const reader = await store.open(id)
    let received = 0
    for await (const chunk of reader?.chunks ?? []) {
      if (received === 0) await new Promise((resolve) => setTimeout(resolve, 2 * patience.idle))
      received += chunk.byteLength
    }
    expect(received).toBe(8 * mebibyte)
    await store.close()
  })

  test('an endpoint that is gone is store.unavailable within seconds, and works again when it is back', async () => {
    const store = s3Store(corner({ endpoint: proxy.endpoint }))
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(10)))
    proxy.set({ dieAfterUploaded: 0 })
    await store.put(randomUUID(), inChunks(randomBytes(10))).catch(() => {})

    const begin = performance.now()
    const unavailable = { code: 'store.unavailable' }
    await expect(store.put(randomUUID(), inChunks(randomBytes(10)))).rejects.toMatchObject(unavailable)
    await expect(store.open(id)).rejects.toMatchObject(unavailable)
    await expect(store.stat(id)).rejects.toMatchObject(unavailable)
    await expect(store.delete(id)).rejects.toMatchObject(unavailable)
    await expect(store.probe()).rejects.toMatchObject(unavailable)
    await expect(listed(store)).rejects.toMatchObject(unavailable)
    expect(performance.now() - begin).toBeLessThan(10_000)

    proxy.set({})
    expect(await store.stat(id)).toEqual({ size: 10 })
    await store.put(randomUUID(), inChunks(randomBytes(9 * mebibyte)))
    await store.close()
  })

  test('an endpoint that accepts connections and says nothing is given up', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : 0
    const patience = { idle: 300, request: 1_500, cleanup: 300 }
    const store = s3Store({ ...corner({ endpoint: `http://127.0.0.1:${port}` }), patience })
    const begin = performance.now()
    await expect(store.put(randomUUID(), inChunks(randomBytes(10)))).rejects.toMatchObject({
      code: 'store.unavailable',
    })
    await expect(store.open(randomUUID())).rejects.toMatchObject({ code: 'store.unavailable' })
    expect(performance.now() - begin).toBeLessThan(5_000)
    await store.close()
    silent.close()
  })

  test.skipIf(cannotStop)(`keeps its objects through kill -9 of the server${why(cannotStop)}`, async () => {
    const store = s3Store(corner())
    const [id, bytes] = [randomUUID(), randomBytes(9 * mebibyte)]
    await store.put(id, inChunks(bytes))
    await server.kill()
    await expect(store.stat(id)).rejects.toMatchObject({ code: 'store.unavailable' })
    await server.restart()
    expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
    await store.close()
  })

  test.skipIf(cannotStop)(`outlasts a server that hangs for a moment${why(cannotStop)}`, async () => {
    const store = s3Store(corner())
    await store.refusesOverwrites()
    server.pause()
    setTimeout(() => server.resume(), 700)
    expect(await store.put(randomUUID(), inChunks(randomBytes(1000)))).toBe(1000)
    await store.close()
  })
})
