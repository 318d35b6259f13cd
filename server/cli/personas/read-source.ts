import { readFile, stat } from 'node:fs/promises'
import { isMalformedPersona } from '#client/surfaces/personas/errors.ts'
import { personaOf } from '#client/surfaces/personas/persona-zip.ts'
import { readZip } from '#client/surfaces/personas/read-zip.ts'
import { writeZip } from '#client/surfaces/personas/write-zip.ts'
import { zipLimits } from '#client/surfaces/personas/zip-format.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { listFiles } from '#server/cli/terminal/list-files.ts'

/** A persona on this device, as the zip that is uploaded. */
export type Source = { zip: Uint8Array<ArrayBuffer>; files: number }

/**
 * The persona in a folder, zipped the same way each time, or in a zip, which is taken as it is.
 *
 * @throws usage failure, naming the file, when it cannot be read or is not a persona
 */
export async function readSource(path: string): Promise<Source> {
  try {
    const { size, isFolder } = await stat(path).then((found) => ({ size: found.size, isFolder: found.isDirectory() }))
    if (isFolder) {
      const files = await readFolder(path)
      personaOf(files)
      return { zip: writeZip(files), files: files.size }
    }
    requireSize(size)
    const zip = new Uint8Array(await readFile(path))
    const files = readZip(zip)
    personaOf(files)
    return { zip, files: files.size }
  } catch (error) {
    if (isMalformedPersona(error)) throw usageFailure(`${path}: ${error.message}`)
    const { code, path: culprit } = error as NodeJS.ErrnoException
    if (code !== undefined) throw usageFailure(`${culprit ?? path} cannot be read (${code})`)
    throw error
  }
}

async function readFolder(root: string): Promise<Map<string, Uint8Array>> {
  const listed = await listFiles(root, zipLimits.entries)
  requireSize(listed.reduce((total, { size }) => total + size, 0))
  const files = new Map<string, Uint8Array>()
  for (const { name, path } of listed) files.set(name, await readFile(path))
  return files
}

function requireSize(size: number): void {
  if (size > zipLimits.bytes) throw usageFailure(`More than ${zipLimits.bytes} bytes cannot be stored as one persona`)
}
