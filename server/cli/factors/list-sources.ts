import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import type { FileSource } from '#client/surfaces/factors/file-source.ts'
import { mostFiles } from '#client/surfaces/factors/manifest.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { type ListedFile, listFiles } from '#server/cli/terminal/list-files.ts'

/**
 * A file, or all plain files of a folder, to be read when they are sent.
 *
 * @throws usage failure, naming the file, when it cannot be read or is a link or a device
 */
export async function listSources(path: string): Promise<FileSource[]> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return (await listFiles(path, mostFiles)).map(fileSource)
    if (!found.isFile()) throw usageFailure(`${path} is a device; only plain files are stored`)
    return [fileSource({ name: basename(path), path, size: found.size })]
  } catch (error) {
    const { code, path: culprit } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw usageFailure(`${culprit ?? path} cannot be read (${code})`)
  }
}

function fileSource({ name, path, size }: ListedFile): FileSource {
  const open = () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array<ArrayBuffer>>
  return { name, size, open }
}
