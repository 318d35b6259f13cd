import { rmSync, statSync, truncateSync } from 'node:fs'
import { copyFile, open, rename } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudSlot, signUp } from '#e2e/support/disaster-client.ts'
import { currentRow, eventsAbout, objectPath } from '#e2e/support/disaster-inspect.ts'
import { seededRandom, sha256 } from '#e2e/support/disaster-random.ts'
import { beginDownload } from '#e2e/support/disaster-streams.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024
const random = seededRandom('a bad disk')

let server: TestServer
beforeAll(async () => {
  server = await startServer({ env: { HEARTHKEEP_SLOT_MAX_BYTES: String(16 * mebibyte) } })
})
afterAll(() => server[Symbol.asyncDispose]())

/** Something that happens to an object on a disk. */
type Damage = { name: string; fault: 'missing' | 'size' | 'hash'; status: 404 | 500; do(path: string): Promise<void> }

const damages: Damage[] = [
  { name: 'missing', fault: 'missing', status: 404, do: async (path) => rmSync(path) },
  { name: 'cut short by a byte', fault: 'size', status: 500, do: async (path) => cutTo(path, (size) => size - 1) },
  { name: 'cut short to nothing', fault: 'size', status: 500, do: async (path) => cutTo(path, () => 0) },
  { name: 'longer by a byte', fault: 'size', status: 500, do: async (path) => cutTo(path, (size) => size + 1) },
  { name: 'wrong in the first bit', fault: 'hash', status: 500, do: (path) => flipBit(path, () => 0) },
  {
    name: 'wrong in a bit of the last byte',
    fault: 'hash',
    status: 500,
    do: (path) => flipBit(path, (size) => size - 1),
  },
]

describe.each(damages)('an object that is $name', (damage) => {
  test.each([
    ['small', 32],
    ['of 2 MiB', 2 * mebibyte],
    ['at the limit of what is verified before it is answered', 4 * mebibyte],
  ])('is never given out (%s), is reported, and comes back when its bytes do', async (_, size) => {
    const { slot, path, bytes } = await stored(size)
    await copyFile(path, `${path}.safe`)
    await damage.do(path)

    const answer = await slot.get()
    expect(answer).toMatchObject({ status: damage.status, version: null })
    expect(answer.error).toBe(damage.status === 404 ? 'Not found' : 'Internal server error')
    expectQuarantine(slot, damage)
    if (damage.fault !== 'hash') expect((await slot.head()).status).toBe(damage.status)
    // Reported once, not at every attempt to read it.
    await slot.get()
    expectQuarantine(slot, damage)

    await rename(`${path}.safe`, path)
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
    expect(currentRow(server.dataFolder, slot.ownerId)).toMatchObject({ state: 'live', fault: null })
    expect(reported(slot)).toEqual(['object.quarantined', 'object.healed'])
  })

  test('is never taken for whole when it is large, and comes back when its bytes do', async () => {
    const { slot, path, bytes } = await stored(9 * mebibyte)
    await copyFile(path, `${path}.safe`)
    await damage.do(path)

    // What shows in the file's size is seen before the first byte, what does not at the last.
    if (damage.fault === 'hash') {
      const download = await beginDownload(server, slot)
      expect(download).toMatchObject({ status: 200, length: bytes.length })
      await expect(download.rest()).rejects.toThrow()
    } else {
      expect((await slot.get()).status).toBe(damage.status)
      expect((await slot.head()).status).toBe(damage.status)
    }
    expectQuarantine(slot, damage)

    await rename(`${path}.safe`, path)
    expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
    expect(currentRow(server.dataFolder, slot.ownerId)).toMatchObject({ state: 'live', fault: null })
  })

  test('is replaced by the next upload over its version', async () => {
    const { slot, path } = await stored(100_000)
    await damage.do(path)
    expect((await slot.get()).status).toBe(damage.status)
    const fresh = random.bytes(100_000)
    expect((await slot.put(fresh, 0)).status).toBe(412)
    expect(await slot.put(fresh, 1)).toMatchObject({ status: 200, version: 2 })
    expect(await slot.get()).toMatchObject({ status: 200, version: 2, hash: sha256(fresh) })
    expect(await slot.head()).toMatchObject({ status: 200, version: 2, length: fresh.length })
  })

  test('is seen by HEAD first, where its size shows it', async () => {
    const { slot, path } = await stored(50_000)
    await damage.do(path)
    const { status } = await slot.head()
    expect(status).toBe(damage.fault === 'hash' ? 200 : damage.status)
    if (damage.fault !== 'hash') expectQuarantine(slot, damage)
  })
})

test('a folder of objects that is away as a whole is a fault of the store, and nothing is put into quarantine', async () => {
  const { slot, bytes } = await stored(100_000)
  const folder = `${server.dataFolder}/blobs`
  await rename(folder, `${folder}.away`)
  try {
    expect((await slot.get()).status).toBe(500)
    expect((await slot.head()).status).toBe(500)
    expect((await slot.put(bytes, 1)).status).toBe(500)
    expect(currentRow(server.dataFolder, slot.ownerId).state).toBe('live')
  } finally {
    await rename(`${folder}.away`, folder)
  }
  expect(await slot.get()).toMatchObject({ status: 200, version: 1, hash: sha256(bytes) })
  expect((await slot.put(bytes, 1)).status).toBe(200)
})

/** A device's slot with one version in it, and the file that holds it. */
async function stored(size: number): Promise<{ slot: CloudSlot; path: string; bytes: Buffer }> {
  const { slot: person } = await signUp(server)
  const slot = await person.addDevice()
  const bytes = random.bytes(size)
  expect((await slot.put(bytes, 0)).status).toBe(200)
  return { slot, bytes, path: objectPath(server.dataFolder, currentRow(server.dataFolder, slot.ownerId).id) }
}

function expectQuarantine(slot: CloudSlot, { fault }: Damage): void {
  expect(currentRow(server.dataFolder, slot.ownerId)).toMatchObject({ state: 'quarantined', fault })
  expect(reported(slot)).toEqual(['object.quarantined'])
}

function reported(slot: CloudSlot): string[] {
  return eventsAbout(server.dataFolder, currentRow(server.dataFolder, slot.ownerId).id)
}

function cutTo(path: string, length: (size: number) => number): void {
  truncateSync(path, length(statSync(path).size))
}

async function flipBit(path: string, place: (size: number) => number): Promise<void> {
  await using file = await open(path, 'r+')
  const { size } = await file.stat()
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, place(size))
  byte[0] = (byte[0] ?? 0) ^ 1
  await file.write(byte, 0, 1, place(size))
}
