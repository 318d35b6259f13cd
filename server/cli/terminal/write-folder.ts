import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { faultInNames, quoted } from '#client/files/file-names.ts'
import { syncFolder } from '#server/kit/atomic-file.ts'
import { usageFailure } from './failure.ts'
import { FileExists, replaceFile, writeNewFile } from './write-new-file.ts'

/** Files by their path inside the folder: relative, parts divided by `/`. */
export type Files = ReadonlyMap<string, Uint8Array>

/** Private keys are for their owner alone. */
const folderMode = 0o700
const fileMode = 0o600

/** Windows drops trailing dots and spaces, and gives these names to devices. */
const notOnWindows = /[<>"|?*]|[. ](\/|$)|(^|\/)(con|prn|aux|nul|com\d|lpt\d)(\.[^/]*)?(\/|$)/i

/**
 * Unpack into a folder. A new one (or an empty one) appears whole or not at all. With `force`, files of the same names
 * are replaced one by one and others stay.
 *
 * @throws FileExists; usage failure where the folder's own links would lead out of it, or names no file can have
 */
export async function writeFolder(out: string, files: Files, force: boolean): Promise<void> {
  const fault = faultInNames(files.keys())
  if (fault !== null) throw usageFailure(fault)
  const odd = process.platform === 'win32' ? [...files.keys()].find((name) => notOnWindows.test(name)) : undefined
  if (odd !== undefined) throw usageFailure(`Windows cannot have a file called ${quoted(odd)}; write a .zip instead`)
  const state = await stateOf(out)
  if (state === 'taken' && !force) throw new FileExists(out)
  if (state === 'taken') await replaceInside(out, files)
  else await createFolder(resolve(out), files, state === 'empty')
}

/** @throws FileExists, usage failure; before passwords are asked for */
export async function checkFolder(out: string, force: boolean): Promise<void> {
  if ((await stateOf(out)) === 'taken' && !force) throw new FileExists(out)
}

async function stateOf(out: string): Promise<'absent' | 'empty' | 'taken'> {
  const found = await statOf(resolve(out))
  if (found === null) return 'absent'
  if (!found.isDirectory()) return 'taken'
  return (await readdir(out)).length === 0 ? 'empty' : 'taken'
}

async function createFolder(target: string, files: Files, replacesEmpty: boolean): Promise<void> {
  const temporary = `${target}.${randomBytes(6).toString('hex')}.new`
  await mkdir(temporary, { mode: folderMode })
  try {
    for (const [name, bytes] of files) {
      const path = join(temporary, name)
      await mkdir(dirname(path), { recursive: true, mode: folderMode })
      await writeNewFile(path, bytes, fileMode)
    }
    // Where a folder cannot be renamed over an empty one (Windows).
    if (replacesEmpty) await rmdir(target)
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOTEMPTY' || code === 'EEXIST' ? new FileExists(target) : error
  }
  await syncFolder(dirname(target))
}

async function replaceInside(out: string, files: Files): Promise<void> {
  const root = await realpath(out)
  if (!(await lstat(root)).isDirectory()) throw usageFailure(`${out} is a file; --out x.zip writes a zip`)
  // All is checked before anything is replaced.
  for (const name of files.keys()) await checkPlace(root, name)
  for (const [name, bytes] of files) {
    const path = join(root, name)
    await mkdir(dirname(path), { recursive: true, mode: folderMode })
    await replaceFile(path, bytes, fileMode)
  }
}

/** A link among the folders would lead out of the one that was asked for; one at the end is replaced, not followed. */
async function checkPlace(root: string, name: string): Promise<void> {
  const parts = name.split('/')
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const path = join(root, ...parts.slice(0, depth))
    const found = await statOf(path)
    if (found === null) return
    if (depth < parts.length && !found.isDirectory()) throw usageFailure(`${path} is in the way: it is not a folder`)
    if (depth === parts.length && found.isDirectory()) throw usageFailure(`${path} is in the way: it is a folder`)
  }
}

async function statOf(path: string) {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
