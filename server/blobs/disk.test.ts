import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BlobStore } from './blob-store.ts'
import { describeBlobStore, inChunks, listed, readAll } from './compliance.ts'
import { diskStore } from './disk.ts'

const run = promisify(execFile)
const mebibyte = 1024 * 1024

async function tempFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'hearthkeep-blobs-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

describeBlobStore('the disk store', async () => {
  const { folder, remove } = await tempFolder()
  const store = diskStore({ folder })
  return {
    store,
    partials: () => readdir(join(folder, 'tmp')),
    leavePartial: () => writeFile(join(folder, 'tmp', randomUUID()), randomBytes(100)),
    async dispose() {
      await store.close()
      await remove()
    },
  }
})

describe('the disk store, on a disk', () => {
  let folder: string
  let store: BlobStore
  let remove: () => Promise<void>

  beforeAll(async () => {
    ;({ folder, remove } = await tempFolder())
    store = diskStore({ folder })
  })

  afterAll(async () => {
    await store.close()
    await remove()
  })

  test('keeps an object as a plain file in a folder named after the last two digits of its id', async () => {
    const [id, bytes] = ['0198c0de-0000-7000-8000-0000000000ab', randomBytes(10)]
    await store.put(id, inChunks(bytes))
    expect(bytes.equals(await readFile(join(folder, 'ab', id)))).toBe(true)
  })

  test('reads on to the end of an object that is deleted meanwhile', async () => {
    const [id, bytes] = [randomUUID(), randomBytes(3 * mebibyte)]
    await store.put(id, inChunks(bytes))
    const [whole, unbegun] = [await store.open(id), await store.open(id)]
    await store.delete(id)
    expect(await store.open(id)).toBeNull()
    expect(bytes.equals(await readAll(whole))).toBe(true)
    expect(bytes.equals(await readAll(unbegun))).toBe(true)
  })

  test('fails, instead of ending early, when a file becomes shorter while it is read', async () => {
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(3 * mebibyte)))
    const reader = await store.open(id)
    await truncate(join(folder, id.slice(-2), id), mebibyte + 5)
    await expect(readAll(reader)).rejects.toMatchObject({ code: 'store.unavailable' })
  })

  test('keeps no file open after downloads that ended, broke off or never began', async () => {
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(3 * mebibyte)))
    const before = await openFiles()
    await readAll(await store.open(id))
    for await (const _ of (await store.open(id))?.chunks ?? []) break
    await (await store.open(id))?.close()
    await expect(store.open(id, { start: 0, end: 3 * mebibyte })).rejects.toThrow()
    expect(await openFiles()).toBe(before)
  })

  test('makes a shard folder again that somebody removed', async () => {
    await store.put('00000001-cd', inChunks(randomBytes(10)))
    await rm(join(folder, 'cd'), { recursive: true })
    expect(await store.put('00000002-cd', inChunks(randomBytes(10)))).toBe(10)
    expect(await store.stat('00000002-cd')).toEqual({ size: 10 })
  })

  test('an upload whose partial file was swept away fails and publishes nothing', async () => {
    const id = randomUUID()
    async function* source() {
      yield randomBytes(10)
      await store.sweepPartials(new Date(Date.now() + 60_000))
      yield randomBytes(10)
    }
    await expect(store.put(id, source())).rejects.toMatchObject({ code: 'store.unavailable' })
    expect(await store.stat(id)).toBeNull()
  })

  test('a store whose folder is gone is unavailable, not empty', async () => {
    const id = randomUUID()
    await store.put(id, inChunks(randomBytes(10)))
    await rename(folder, `${folder}-elsewhere`)
    const unavailable = { code: 'store.unavailable' }
    try {
      await mkdir(folder)
      await expect(store.open(id)).rejects.toMatchObject(unavailable)
      await expect(store.stat(id)).rejects.toMatchObject(unavailable)
      await expect(store.delete(id)).rejects.toMatchObject(unavailable)
      await expect(store.put(randomUUID(), inChunks(randomBytes(10)))).rejects.toMatchObject(unavailable)
      await expect(store.probe()).rejects.toMatchObject(unavailable)
      await expect(listed(store)).rejects.toMatchObject(unavailable)
    } finally {
      await rm(folder, { recursive: true })
      await rename(`${folder}-elsewhere`, folder)
    }
    expect(await store.stat(id)).toEqual({ size: 10 })
  })

  test('a folder that cannot be made is store.unavailable', async () => {
    await writeFile(join(folder, 'a-file'), '')
    const open = () => diskStore({ folder: join(folder, 'a-file', 'blobs') })
    expect(open).toThrow(expect.objectContaining({ code: 'store.unavailable' }))
  })
})

const noSmallDisk = await whyNoSmallDisk()

describe('the disk store, on a disk of 1 MiB', () => {
  const skipped = noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''

  test.skipIf(noSmallDisk)(`says store.full, leaves nothing behind and works on${skipped}`, async () => {
    const { folder, remove } = await tempFolder()
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
    const store = diskStore({ folder })
    try {
      const id = randomUUID()
      await expect(store.put(id, inChunks(randomBytes(5 * mebibyte)))).rejects.toMatchObject({ code: 'store.full' })
      expect(await store.stat(id)).toBeNull()
      expect(await readdir(join(folder, 'tmp'))).toEqual([])

      const bytes = randomBytes(mebibyte / 2)
      await store.put(id, inChunks(bytes))
      expect(bytes.equals(await readAll(await store.open(id)))).toBe(true)

      await writeFile(join(folder, 'ballast'), randomBytes(mebibyte)).catch(() => {})
      await expect(store.probe()).rejects.toMatchObject({ code: 'store.full' })
    } finally {
      await store.close()
      await run('umount', [folder])
      await remove()
    }
  })
})

/** @returns nothing when a tmpfs can be mounted here, else the reason */
async function whyNoSmallDisk(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'needs Linux to mount a small disk'
  const { folder, remove } = await tempFolder()
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder])
    await run('umount', [folder])
    return undefined
  } catch {
    return 'needs root to mount a small disk'
  } finally {
    await remove()
  }
}

/** How many files of the store this process holds open; 0 where the system does not tell. */
async function openFiles(): Promise<number> {
  if (process.platform !== 'linux') return 0
  const { stdout } = await run('sh', ['-c', `ls -l /proc/${process.pid}/fd | grep -c hearthkeep-blobs || true`])
  return Number(stdout)
}
