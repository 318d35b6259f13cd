import { randomBytes } from 'node:crypto'
import { link, lstat, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Write a file that must not exist yet, whole and durable.
 *
 * @returns false when something has that name already; of two that try at once, one gets true
 */
export async function writeExclusively(path: string, text: string): Promise<boolean> {
  const temporary = await writeBeside(path, text)
  try {
    await link(temporary, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || (await exists(path))) return false
    // FAT and some network folders have no hard links; the check just above is the best they offer.
    await rename(temporary, path)
  } finally {
    await unlink(temporary).catch(() => {})
  }
  await syncFolder(dirname(path))
  return true
}

/** Replace a file whole: after a crash it holds the old text or the new. */
export async function replaceDurably(path: string, text: string): Promise<void> {
  const temporary = await writeBeside(path, text)
  try {
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}

async function writeBeside(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  } finally {
    await file.close()
  }
  return temporary
}

/** Windows cannot sync folders and does not need to. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  await folder.sync().finally(() => folder.close())
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
