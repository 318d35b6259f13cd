import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { OriginalObject, OriginalSource } from './import-source.ts'

const sideFile = '.meta'
const largestSideFile = 64 * 1024

type SideFile = { Key: string; ContentType?: string }

/**
 * The original's data as files: what its local S3 simulator wrote (upper-case letters escaped with `^`, a `.meta` file
 * beside each object), or a plain copy of its bucket.
 *
 * @param folder  the bucket's own folder; for the simulator, the one above will do as well
 */
export function originalFolder(folder: string): OriginalSource {
  return {
    async *list() {
      const files = await listFiles(folder)
      const sides = await readSideFiles(folder, files)
      for (const path of files) {
        const isSide = path.endsWith(sideFile) && sides.has(path.slice(0, -sideFile.length)) && !sides.has(path)
        if (!isSide && !path.endsWith('.DS_Store')) yield await objectAt(folder, path, sides)
      }
    },
    [Symbol.dispose]() {},
  }
}

async function objectAt(folder: string, path: string, sides: Map<string, SideFile>): Promise<OriginalObject> {
  const side = sides.get(path)
  const file = join(folder, path)
  return {
    key: side?.Key ?? (sides.size > 0 ? unescapeCapitals(path) : path),
    size: (await stat(file)).size,
    open: async () => ({ mediaType: side?.ContentType ?? null, chunks: readChunks(file) }),
  }
}

/** Opened only when somebody reads. */
async function* readChunks(file: string): Chunks {
  yield* createReadStream(file)
}

/** Relative, with forward slashes, in a fixed order. Links are not followed. */
async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** By the path of the object each belongs to. A persona may itself be called `x.meta`, so only what reads as one counts. */
async function readSideFiles(folder: string, files: string[]): Promise<Map<string, SideFile>> {
  const known = new Set(files)
  const sides = new Map<string, SideFile>()
  for (const path of files) {
    const object = path.slice(0, -sideFile.length)
    if (!path.endsWith(sideFile) || !known.has(object)) continue
    const side = await readSideFile(join(folder, path))
    if (side) sides.set(object, side)
  }
  return sides
}

async function readSideFile(file: string): Promise<SideFile | null> {
  if ((await stat(file)).size > largestSideFile) return null
  try {
    const { Key, ContentType } = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
    if (typeof Key !== 'string') return null
    return typeof ContentType === 'string' ? { Key, ContentType } : { Key }
  } catch {
    return null
  }
}

/** `^A` → `A`; a `^` before anything else was one. */
function unescapeCapitals(path: string): string {
  return path.replace(/\^(.)/gsu, (both, letter: string) => (letter === letter.toLowerCase() ? both : letter))
}
