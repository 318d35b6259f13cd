import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** In the data folder while a restore is under way: what it brings back. */
export const restoringFile = 'restoring.json'
/** Where a server that comes back is put together, inside the data folder: on the same disk, so that it only moves. */
export const incomingFolder = 'restoring'

/** A restore into this folder was interrupted; what is there is not whole. */
export class RestoreUnfinished extends Error {
  constructor(folder: string, snapshot: string) {
    super(
      `A restore of snapshot ${snapshot} into ${folder} has not finished. Run the same hearthkeep restore again: it goes on where it stopped.`,
    )
    this.name = 'RestoreUnfinished'
  }
}

/** @returns the snapshot that is being restored into this folder, or null */
export function readRestoring(folder: string): string | null {
  try {
    const text = readFileSync(join(folder, restoringFile), 'utf8')
    return String((JSON.parse(text) as { snapshot?: unknown }).snapshot)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
    throw error
  }
}

/** The snapshot of a restore that was begun on the pages of set-up and has not come to its end; null when there is none. */
export function interruptedRestore({ dataFolder }: { dataFolder: string }): string | null {
  return readRestoring(join(dataFolder, incomingFolder))
}

/** @throws RestoreUnfinished */
export function requireNoRestore(folder: string): void {
  const snapshot = readRestoring(folder)
  if (snapshot !== null) throw new RestoreUnfinished(folder, snapshot)
}
