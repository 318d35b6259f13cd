import { randomBytes } from 'node:crypto'
import { link, lstat, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '#server/kit/atomic-file.ts'

/** Something has this name already. */
export class FileExists extends Error {
  constructor(path: string) {
    super(`${path} exists already`)
    this.name = 'FileExists'
  }
}

/**
 * Write a file that must not exist yet, whole or not at all. Two that try at once cannot overwrite each other.
 *
 * @param mode  permission bits
 * @throws FileExists
 */
export async function writeNewFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = await writeBeside(path, content, mode)
  try {
    await link(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || (await fileExists(path))) throw new FileExists(path)
    // FAT and some network folders have no hard links; the check just above is the best they offer.
    await rename(temporary, path)
  } finally {
    await unlink(temporary).catch(() => {})
  }
  await syncFolder(dirname(path))
}

/** Write a file in the place of whatever has this name: a link is replaced, not followed. */
export async function replaceFile(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const temporary = await writeBeside(path, content, mode)
  try {
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

/** Links that lead nowhere count: writing to their name would replace them. */
export async function fileExists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

async function writeBeside(path: string, content: string | Uint8Array, mode: number): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  } finally {
    await file.close()
  }
  return temporary
}
