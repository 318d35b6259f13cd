/** One suite for every store: what the rest of the server relies on (`BlobStore`). */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BlobReader, BlobStore, Chunks, StoredObject } from './blob-store.ts'

export type StoreUnderTest = {
  /** Empty, and used by this suite alone. */
  store: BlobStore
  /** Names of partial uploads that lie about; none where they cannot be seen. */
  partials(): Promise<string[]>
  /** Leave a partial upload behind as a process that was killed would. */
  leavePartial(): Promise<void>
  dispose(): Promise<void>
}

const mebibyte = 1024 * 1024

/**
 * @param factory  makes a fresh store; called once
 * @param sloppy  why the server under the store cannot be held to all of it, if so; those tests are skipped
 */
export function describeBlobStore(name: string, factory: () => Promise<StoreUnderTest>, sloppy?: string): void {
  const skipped = sloppy ? ` (skipped: ${sloppy})` : ''

  describe(`${name} keeps the promises of a blob store`, () => {
    let given: StoreUnderTest
    let store: BlobStore

    beforeAll(async () => {
      given = await factory()
      store = given.store
    })

    afterAll(async () => {
      await store?.close()
      await given?.dispose()
    })

    test.each([0, 1, 32, 2 * mebibyte])('gives back exactly the %i bytes that were put', async (size) => {
      const [id, bytes] = [randomUUID(), randomBytes(size)]
      expect(await store.put(id, inChunks(bytes), { length: size })).toBe(size)
      const reader = await store.open(id)
      expect(reader?.size).toBe(size)
      expect(bytes.equals(await readAll(reader))).toBe(true)
      expect(await store.stat(id)).toEqual({ size })
    })

    test('gives back 40 MiB of a stream of unknown length unchanged', async () => {
      const id = randomUUID()
      const sent = createHash('sha256')
      async function* source() {
        for (let turn = 0; turn < 40; turn += 1) {
          const chunk = randomBytes(mebibyte)
          sent.update(chunk)
          yield chunk
        }
      }
      expect(await store.put(id, source())).toBe(40 * mebibyte)
      const received = createHash('sha256')
      for await (const chunk of (await store.open(id))?.chunks ?? []) received.update(chunk)
      expect(received.digest('hex')).toBe(sent.digest('hex'))
      await store.delete(id)
    })

    test('takes chunks of any size, empty ones too, and an announced length that is wrong', async () => {
      const [id, bytes] = [randomUUID(), randomBytes(5_000)]
      async function* source() {
        yield new Uint8Array(0)
        for (const byte of bytes) yield Uint8Array.of(byte)
        yield new Uint8Array(0)
      }
      expect(await store.put(id, source(), { length: 10 })).toBe(5_000)
      expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
    })

    test('gives the first, the last and the middle bytes when they alone are asked for', async () => {
      const [id, bytes] = [randomUUID(), randomBytes(3 * mebibyte)]
      await store.put(id, inChunks(bytes))
      const last = bytes.length - 1
      for (const [start, end] of [
        [0, 9],
        [last, last],
        [mebibyte - 7, 2 * mebibyte + 7],
        [0, last],
      ] as const) {
        const reader = await store.open(id, { start, end })
        expect(reader?.size).toBe(bytes.length)
        expect(bytes.subarray(start, end + 1).equals(await readAll(reader))).toBe(true)
      }
    })

    test.skipIf(sloppy)(`gives the very first byte alone${skipped}`, async () => {
      const [id, bytes] = [randomUUID(), randomBytes(100)]
      await store.put(id, inChunks(bytes))
      expect(bytes.subarray(0, 1).equals(await readAll(await store.open(id, { start: 0, end: 0 })))).toBe(true)
    })

    test('refuses a range that is not inside the object', async () => {
      const id = randomUUID()
      await store.put(id, inChunks(randomBytes(10)))
      await expect(store.open(id, { start: 5, end: 10 })).rejects.toMatchObject({ code: 'server.failed' })
      await expect(store.open(id, { start: 10, end: 11 })).rejects.toMatchObject({ code: 'server.failed' })
    })

    test('answers null for an object that is not there', async () => {
      expect(await store.open(randomUUID())).toBeNull()
      expect(await store.open(randomUUID(), { start: 0, end: 1 })).toBeNull()
      expect(await store.stat(randomUUID())).toBeNull()
    })

    test('deletes once and does not mind being asked again', async () => {
      const id = randomUUID()
      await store.put(id, inChunks(randomBytes(100)))
      await store.delete(id)
      await store.delete(id)
      expect(await store.stat(id)).toBeNull()
      expect(await store.open(id)).toBeNull()
    })

    test.each([0, 1, 20])(
      'leaves nothing when the source throws after %i MiB, and throws the same error',
      async (size) => {
        const [id, failure] = [randomUUID(), new Error('the phone went away')]
        async function* source() {
          for (let turn = 0; turn < size; turn += 1) yield randomBytes(mebibyte)
          throw failure
        }
        await expect(store.put(id, source())).rejects.toBe(failure)
        await expectNothing(id)
      },
    )

    test.each([1, 20])('leaves nothing when aborted after %i MiB while the source keeps it waiting', async (size) => {
      const [id, stop, reason] = [randomUUID(), new AbortController(), new Error('enough')]
      async function* source() {
        for (let turn = 0; turn < size; turn += 1) yield randomBytes(mebibyte)
        setTimeout(() => stop.abort(reason), 20)
        await new Promise(() => {})
      }
      await expect(store.put(id, source(), { signal: stop.signal })).rejects.toBe(reason)
      await expectNothing(id)
    })

    test('does not even begin when aborted before', async () => {
      const [id, reason] = [randomUUID(), new Error('too late')]
      const put = store.put(id, inChunks(randomBytes(10)), { signal: AbortSignal.abort(reason) })
      await expect(put).rejects.toBe(reason)
      await expectNothing(id)
    })

    test('ends the source it gives up on', async () => {
      const [id, stop] = [randomUUID(), new AbortController()]
      let ended = false
      async function* source() {
        try {
          yield randomBytes(10)
          stop.abort(new Error('enough'))
          yield randomBytes(10)
        } finally {
          ended = true
        }
      }
      await expect(store.put(id, source(), { signal: stop.signal })).rejects.toThrow('enough')
      await sleep(0)
      expect(ended).toBe(true)
    })

    test.each([100, 9 * mebibyte])('never overwrites an object, with %i bytes neither', async (size) => {
      const [id, bytes] = [randomUUID(), randomBytes(100)]
      await store.put(id, inChunks(bytes))
      await expect(store.put(id, inChunks(randomBytes(size)))).rejects.toMatchObject({ code: 'server.failed' })
      expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
      expect(await given.partials()).toEqual([])
    })

    test('lets one of two puts under the same id win at most', async () => {
      const id = randomUUID()
      const both = [randomBytes(1000), randomBytes(2000)] as const
      const [first, second] = await Promise.allSettled(both.map((bytes) => store.put(id, inChunks(bytes))))
      const winner = first?.status === 'fulfilled' ? both[0] : both[1]
      expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected'])
      expect(winner.equals(await readAll(await store.open(id)))).toBe(true)
    })

    test('takes 24 objects at once and lists them all, but no partial upload', async () => {
      await given.leavePartial()
      const sizes = new Map(Array.from({ length: 24 }, (_, index) => [randomUUID() as string, 1_000 + index]))
      await Promise.all(Array.from(sizes, ([id, size]) => store.put(id, inChunks(randomBytes(size)))))
      const listed = new Map<string, number>()
      for await (const { id, size, modifiedAt } of store.list()) {
        listed.set(id, size)
        expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(60_000)
        expect(await store.stat(id)).toEqual({ size })
      }
      for (const [id, size] of sizes) expect(listed.get(id)).toBe(size)
      await store.sweepPartials(new Date(Date.now() + 60_000))
    })

    test.skipIf(sloppy)(
      `sweeps the partial uploads that are older than a moment, and no others${skipped}`,
      async () => {
        await given.leavePartial()
        expect(await store.sweepPartials(new Date(Date.now() - 60_000))).toBe(0)
        expect(await given.partials()).toHaveLength(1)
        expect(await store.sweepPartials(new Date(Date.now() + 60_000))).toBe(1)
        expect(await given.partials()).toEqual([])
      },
    )

    test('probes by really writing, and leaves no trace', async () => {
      const before = await listed(store)
      await store.probe()
      expect(await listed(store)).toHaveLength(before.length)
      expect(await given.partials()).toEqual([])
    })

    test.each([
      '',
      '..',
      '../../../etc/passwd',
      'aaaaaaaa/../bbbbbbbb',
      'AAAAAAAA',
      'aaaaaaa',
      'a'.repeat(65),
      'aaaaaaaa\n',
      'aaaaaaaa\0',
      'tmp/aaaaaaaa',
      'c:aaaaaaaa',
    ])('refuses %j as an id', async (id) => {
      const refused = { code: 'server.failed' }
      await expect(store.put(id, inChunks(randomBytes(1)))).rejects.toMatchObject(refused)
      await expect(store.open(id)).rejects.toMatchObject(refused)
      await expect(store.stat(id)).rejects.toMatchObject(refused)
      await expect(store.delete(id)).rejects.toMatchObject(refused)
    })

    test('closes a reader that was read in part, not at all, or twice', async () => {
      const id = randomUUID()
      await store.put(id, inChunks(randomBytes(4 * mebibyte)))
      const unread = await store.open(id)
      await unread?.close()
      await unread?.close()
      const begun = await store.open(id)
      for await (const chunk of begun?.chunks ?? []) {
        expect(chunk.byteLength).toBeGreaterThan(0)
        break
      }
      await begun?.close()
      await store.delete(id)
    })

    async function expectNothing(id: string) {
      expect(await store.stat(id)).toBeNull()
      for await (const object of store.list()) expect(object.id).not.toBe(id)
      expect(await given.partials()).toEqual([])
    }
  })
}

/** As a request body arrives: 64 KiB at a time. */
export async function* inChunks(bytes: Uint8Array, size = 64 * 1024): Chunks {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size)
}

export async function readAll(reader: BlobReader | null): Promise<Buffer> {
  if (!reader) throw new Error('there is no such object')
  const chunks: Uint8Array[] = []
  for await (const chunk of reader.chunks) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export async function listed(store: BlobStore): Promise<StoredObject[]> {
  const objects: StoredObject[] = []
  for await (const object of store.list()) objects.push(object)
  return objects
}
