import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Replace a small file whole: after a crash it holds the old content or the new, never half of either.
 *
 * @param mode  permission bits, e.g. 0o600 for secrets
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', mode)
    await writeAndSync(file, content)
    await rename(temporary, path)
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

async function writeAndSync(file: FileHandle, content: string | Uint8Array): Promise<void> {
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Make a rename inside `folder` durable. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await openSyncedFolder(folder)
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** A folder kept open, to make renames inside it durable again and again. */
export type SyncedFolder = { sync(): Promise<void>; close(): Promise<void> }

/** Windows cannot sync folders and does not need to: NTFS journals renames. */
export async function openSyncedFolder(folder: string): Promise<SyncedFolder> {
  if (process.platform === 'win32') return { sync: async () => {}, close: async () => {} }
  const handle = await open(folder, 'r')
  return { sync: () => handle.sync(), close: () => handle.close() }
}
