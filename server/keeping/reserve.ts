import { randomBytes } from 'node:crypto'
import { open, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { reservedOf } from '#server/blobs/room.ts'
import { reserveFile } from '#server/config/data-folder.ts'

const mebibyte = 1024 * 1024

/**
 * Hold as much room in a file, against other programs that fill the disk; let go of it when they have, so that the
 * database can work. Random bytes, because some file systems store zeros without taking room.
 */
export async function keepReserve(dataFolder: string): Promise<void> {
  const path = join(dataFolder, reserveFile)
  const disk = await statfs(dataFolder)
  const [free, size] = [disk.bavail * disk.bsize, reservedOf(disk)]
  const held = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (held > 0 && free < size / 2) await rm(path, { force: true })
  if (held === 0 && free > 3 * size) await write(path, size)
}

async function write(path: string, size: number): Promise<void> {
  const fresh = `${path}.new`
  try {
    await using file = await open(fresh, 'w', 0o600)
    for (let left = size; left > 0; left -= mebibyte) await file.write(randomBytes(Math.min(mebibyte, left)))
    await file.sync()
    await rename(fresh, path)
  } catch {
    // There was less room than it seemed; the next run tries again.
    await rm(fresh, { force: true })
  }
}
