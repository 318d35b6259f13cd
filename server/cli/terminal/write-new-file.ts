import { randomBytes } from 'node:crypto'
import { link, lstat, rename, unlink } from 'node:fs/promises'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

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
export async function writeNewFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`
  await writeFileAtomically(temporary, text, mode)
  try {
    await link(temporary, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || (await fileExists(path))) throw new FileExists(path)
    // FAT and some network folders have no hard links; the check just above is the best they offer.
    return await rename(temporary, path)
  } finally {
    await unlink(temporary).catch(() => {})
  }
}

/** Links that lead nowhere count: writing to their name would replace them. */
export async function fileExists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
