import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { describeBlobStore, inChunks, listed, readAll } from './compliance.ts'
import { openPlace } from './open-place.ts'
import { SwitchingStore } from './switching-store.ts'

const folders: string[] = []

async function somePlace() {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-place-'))
  folders.push(folder)
  return { folder, open: await openPlace({ kind: 'disk', folder }, '/nowhere', { make: true }) }
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

describeBlobStore('a store on the move', async () => {
  const [one, other] = [await somePlace(), await somePlace()]
  // Gone when the suite has ended, not after its first test.
  folders.length = 0
  return {
    store: new SwitchingStore(one.open, other.open),
    partials: async () => [one, other].flatMap(({ folder }) => readdirSync(join(folder, 'tmp'))),
    leavePartial: async () => writeFileSync(join(one.folder, 'tmp', randomUUID()), randomBytes(100)),
    async dispose() {
      for (const { folder } of [one, other]) rmSync(folder, { recursive: true, force: true })
    },
  }
})

describe('a store in two places', () => {
  test('finds what either has, and writes to the first alone', async () => {
    const [one, other] = [await somePlace(), await somePlace()]
    const [old, fresh] = [randomUUID(), randomUUID()]
    const bytes = randomBytes(1000)
    const store = new SwitchingStore(one.open)
    await store.put(old, inChunks(bytes))
    store.join(other.open)
    store.swap()
    await store.put(fresh, inChunks(bytes))
    expect((await listed(one.open.store)).map(({ id }) => id)).toEqual([old])
    expect((await listed(other.open.store)).map(({ id }) => id)).toEqual([fresh])
    for (const id of [old, fresh]) {
      expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)
      expect(bytes.subarray(5, 10).equals(await readAll(await store.open(id, { start: 5, end: 9 })))).toBe(true)
      expect(await store.stat(id)).toEqual({ size: 1000 })
    }
    await store.delete(old)
    expect(await listed(one.open.store)).toEqual([])
    await store.close()
  })

  test('an upload that began before the switch ends where it began, and is found', async () => {
    const [one, other] = [await somePlace(), await somePlace()]
    const store = new SwitchingStore(one.open, other.open)
    const id = randomUUID()
    async function* slowly() {
      yield randomBytes(10)
      store.swap()
      yield randomBytes(10)
    }
    await store.put(id, slowly())
    expect((await listed(one.open.store)).map(({ id }) => id)).toEqual([id])
    expect(await store.stat(id)).toEqual({ size: 20 })
    await store.close()
  })

  test('a place that is away hides nothing that the other has, and makes nothing look lost', async () => {
    const [one, other] = [await somePlace(), await somePlace()]
    const store = new SwitchingStore(one.open, other.open)
    const [here, there] = [randomUUID(), randomUUID()]
    await store.put(here, inChunks(randomBytes(10)))
    await other.open.store.put(there, inChunks(randomBytes(10)))
    renameSync(other.folder, `${other.folder}-unplugged`)
    expect(await store.stat(here)).toEqual({ size: 10 })
    await expect(store.stat(there)).rejects.toMatchObject({ code: 'store.unavailable' })
    await expect(store.stat(randomUUID())).rejects.toMatchObject({ code: 'store.unavailable' })
    await store.delete(here)
    renameSync(`${other.folder}-unplugged`, other.folder)
    expect(await store.stat(there)).toEqual({ size: 10 })
    expect(await store.stat(here)).toBeNull()
    await store.close()
  })
})

test('a folder of the keeper’s that is not there is a store that is away until it comes back', async () => {
  const { folder, open } = await somePlace()
  const id = randomUUID()
  await open.store.put(id, inChunks(randomBytes(10)))
  renameSync(folder, `${folder}-unplugged`)
  const again = await openPlace({ kind: 'disk', folder }, '/nowhere', { make: false })
  const away = { code: 'store.unavailable' }
  await expect(again.store.open(id)).rejects.toMatchObject(away)
  await expect(again.store.put(randomUUID(), inChunks(randomBytes(10)))).rejects.toMatchObject(away)
  await expect(again.store.probe()).rejects.toMatchObject(away)
  renameSync(`${folder}-unplugged`, folder)
  expect(await again.store.stat(id)).toEqual({ size: 10 })
  expect(await again.store.put(randomUUID(), inChunks(randomBytes(10)))).toBe(10)
  await again.store.close()
})
