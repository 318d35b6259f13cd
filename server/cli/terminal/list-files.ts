import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { usageFailure } from './failure.ts'

/** A plain file below a folder. */
export type ListedFile = {
  /** Relative to the folder, parts divided by `/`. */
  name: string
  path: string
  /** In bytes. */
  size: number
}

/** What operating systems leave in folders that people looked at. */
const leftovers = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini'])

/**
 * All plain files below a folder, without what operating systems leave behind.
 *
 * @throws usage failure for links, devices and too many files; the file system's errors
 */
export async function listFiles(root: string, most: number): Promise<ListedFile[]> {
  const files: ListedFile[] = []
  const walk = async (prefix: string): Promise<void> => {
    for (const entry of await readdir(join(root, prefix), { withFileTypes: true })) {
      const name = prefix + entry.name
      const path = join(root, name)
      if (leftovers.has(entry.name)) continue
      if (entry.isDirectory()) {
        await walk(`${name}/`)
        continue
      }
      // What a link leads to may be anything on this machine, and not the same thing tomorrow.
      if (!entry.isFile()) throw usageFailure(`${path} is a link or a device; only plain files are stored`)
      if (files.length >= most) throw usageFailure(`${root} has more than ${most} files`)
      files.push({ name, path, size: (await stat(path)).size })
    }
  }
  await walk('')
  return files
}
