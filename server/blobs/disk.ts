import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { access, type FileHandle, mkdir, open, readdir, readFile, rename, stat, statfs, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openSyncedFolder, type SyncedFolder, syncFolder } from '#server/kit/atomic-file.ts'
import { Problem } from '#server/kit/problem.ts'
import type { BlobReader, BlobStore, ByteRange, StoredObject } from './blob-store.ts'
import { alreadyStored, isBlobId, requireBlobId, spanOf } from './checks.ts'
import { diskProblem, errorCode, readSpan, writeAll } from './disk-files.ts'
import { incoming, SourceFailure } from './incoming.ts'
import { reservedOf } from './room.ts'

/** How long a look at the free room is good for; what is written meanwhile is taken off it. */
const roomMilliseconds = 500

const shardName = /^[0-9a-f-]{2}$/

export type DiskSettings = {
  /** Folder of the store's own, e.g. `<data>/blobs`; made when missing. Objects lie in `<aa>/<id>`, partials in `tmp/<id>`. */
  folder: string
  /** Make nothing: a folder that is not there is on a disk that is not plugged in, and may come back. */
  mustExist?: boolean
}

/**
 * Objects as files on a local disk.
 *
 * @throws store.full, store.unavailable when the folder cannot be made
 */
export function diskStore({ folder, mustExist = false }: DiskSettings): BlobStore {
  const partials = join(folder, 'tmp')
  try {
    if (!mustExist) mkdirSync(partials, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw diskProblem(error)
  }

  const shards = new Map<string, Promise<SyncedFolder>>()
  let making: Promise<void> | null = null
  let room = { asked: Number.NEGATIVE_INFINITY, bytes: 0 }

  /** The last two digits of an id are random in every id we make, the first ones are time. */
  const pathOf = (id: string) => join(folder, id.slice(-2), id)

  /**
   * A shard folder and its name are durable before an object in it is acknowledged; it stays open, to be synced after
   * each object.
   */
  function shardReady(path: string): Promise<SyncedFolder> {
    let ready = shards.get(path)
    if (!ready) {
      ready = shardsMade().then(() => openSyncedFolder(path))
      ready.catch(() => shards.delete(path))
      shards.set(path, ready)
    }
    return ready
  }

  /**
   * Make all shard folders and their names durable. Once a process, also where they exist: the process that made them
   * may have died before they were synced.
   */
  function shardsMade(): Promise<void> {
    making ??= makeShards().catch((error) => {
      making = null
      throw error
    })
    return making
  }

  async function makeShards(): Promise<void> {
    const names = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))
    await Promise.all(names.map((name) => makeFolder(join(folder, name))))
    await syncFolder(folder)
    await syncFolder(dirname(folder))
  }

  /** Somebody may have tidied an empty shard folder away. */
  async function renameAgain(error: unknown, partial: string, target: string) {
    if (errorCode(error) !== 'ENOENT') throw error
    await (await shards.get(dirname(target)))?.close()
    shards.delete(dirname(target))
    making = null
    const shard = await shardReady(dirname(target))
    await rename(partial, target)
    return shard
  }

  /**
   * Exclusive from opening `tmp/<id>` to the rename: the partial file is the lock of its id, so a target that is
   * not there after opening cannot appear before renaming. (A rename would replace it silently; hard links, which
   * would not, are missing on FAT and some network file systems.)
   */
  async function put(
    id: string,
    source: AsyncIterable<Uint8Array>,
    { length = 0, signal }: { length?: number; signal?: AbortSignal } = {},
  ): Promise<number> {
    await requireRoom(length)
    const partial = join(partials, id)
    const target = pathOf(id)
    const file = await open(partial, 'wx', 0o600).catch((error) => {
      throw errorCode(error) === 'EEXIST' ? alreadyStored(id) : error
    })
    let published = false
    try {
      if (await exists(target)) throw alreadyStored(id)
      const size = await writeAll(file, incoming(source, signal))
      await file.sync()
      await file.close()
      const shard = await shardReady(dirname(target))
      if (signal?.aborted) throw new SourceFailure(signal.reason)
      const home = await rename(partial, target).then(
        () => shard,
        (error) => renameAgain(error, partial, target),
      )
      published = true
      await home.sync()
      return size
    } catch (error) {
      await file.close().catch(() => {})
      await unlink(published ? target : partial).catch(() => {})
      throw error
    }
  }

  /** Uploads stop before the disk is full, so that the database can go on. @throws store.full */
  async function requireRoom(length: number) {
    const now = performance.now()
    if (now - room.asked > roomMilliseconds || room.bytes < length) {
      const disk = await statfs(folder)
      room = { asked: now, bytes: disk.bavail * disk.bsize - reservedOf(disk) }
    }
    room.bytes -= length
    if (room.bytes >= 0) return
    room.asked = Number.NEGATIVE_INFINITY
    throw new Problem('store.full', { cause: new Error('the rest of the disk is kept for the database') })
  }

  /** A missing object in a missing store (a disk that is not mounted) must not look like a lost object. */
  async function missing(error: unknown): Promise<null> {
    if (errorCode(error) !== 'ENOENT') throw error
    await access(partials)
    return null
  }

  async function openObject(id: string, range?: ByteRange): Promise<BlobReader | null> {
    // Open before the first byte is promised: POSIX keeps the bytes of an open file when its name is deleted, and
    // on Windows Node opens with FILE_SHARE_DELETE, where the name stays blocked until the handle is closed.
    const file = await open(pathOf(id), 'r').catch(missing)
    if (!file) return null
    try {
      const { size } = await file.stat()
      return reader(file, size, range)
    } catch (error) {
      await file.close().catch(() => {})
      throw error
    }
  }

  async function* list(): AsyncGenerator<StoredObject, void, void> {
    await access(partials)
    for (const shard of await readdir(folder)) {
      if (!shardName.test(shard)) continue
      for (const id of await readdir(join(folder, shard))) {
        if (!isBlobId(id) || id.slice(-2) !== shard) continue
        const found = await stat(join(folder, shard, id)).catch(missing)
        if (found) yield { id, size: found.size, modifiedAt: found.mtime }
      }
    }
  }

  async function sweepPartials(before: Date, spare: (id: string) => boolean = () => false): Promise<number> {
    let swept = 0
    for (const name of await readdir(partials)) {
      const path = join(partials, name)
      const found = await stat(path).catch(missing)
      if (!found?.isFile() || found.mtime >= before || spare(name)) continue
      // An upload that is still running loses its name and fails at the rename; it is never half published.
      if (await unlink(path).then(() => true, missing)) swept += 1
    }
    return swept
  }

  async function probe(): Promise<void> {
    const path = join(partials, `probe-${randomUUID()}`)
    const sample = randomBytes(4096)
    await requireRoom(sample.length)
    try {
      await using file = await open(path, 'wx', 0o600)
      await file.writeFile(sample)
      await file.sync()
      if (!sample.equals(await readFile(path))) throw new Error('the disk gave back other bytes than were written')
    } finally {
      await unlink(path).catch(() => {})
    }
  }

  return {
    kind: 'disk',
    put: (id, source, options) => guarded(id, () => put(id, source, options)),
    open: (id, range) => guarded(id, () => openObject(id, range)),
    stat: (id) =>
      guarded(id, async () => {
        const found = await stat(pathOf(id)).catch(missing)
        return found && { size: found.size }
      }),
    delete: (id) =>
      guarded(id, async () => {
        await unlink(pathOf(id)).catch(missing)
      }),
    async *list() {
      try {
        yield* list()
      } catch (error) {
        throw diskProblem(error)
      }
    },
    sweepPartials: (before, spare) => translated(() => sweepPartials(before, spare)),
    probe: () => translated(probe),
    async close() {
      for (const shard of shards.values()) await shard.then((folder) => folder.close()).catch(() => {})
      shards.clear()
    },
  }
}

function reader(file: FileHandle, size: number, range: ByteRange | undefined): BlobReader {
  const { start, length } = spanOf(size, range)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= file.close().catch(() => {})
    return closing
  }
  async function* chunks() {
    try {
      yield* readSpan(file, start, length)
    } finally {
      await close()
    }
  }
  return { size, chunks: chunks(), close }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error) => {
      if (errorCode(error) === 'ENOENT') return false
      throw error
    },
  )
}

async function guarded<T>(id: string, work: () => Promise<T>): Promise<T> {
  requireBlobId(id)
  return translated(work)
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw diskProblem(error)
  }
}
