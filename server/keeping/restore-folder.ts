import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readRestoring, restoringFile } from '#server/config/restoring.ts'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'

/** Something is there that a restore would mix with what it brings. */
export class FolderNotEmpty extends Error {
  constructor(folder: string, why: string) {
    super(`${folder} ${why}; a restore wants an empty folder`)
    this.name = 'FolderNotEmpty'
  }
}

/** What a look at an empty folder, or the lock on it, may have left. */
const harmless = new Set(['lock.sqlite', 'lock.sqlite-journal', '.DS_Store', 'lost+found', 'Thumbs.db'])

/** @throws FolderNotEmpty; a restore that was interrupted there may go on */
export function requireEmpty(folder: string): void {
  if (readRestoring(folder) !== null) return
  const entries = entriesOf(folder).filter((name) => !harmless.has(name))
  if (entries.includes('hearthkeep.sqlite')) throw new FolderNotEmpty(folder, 'holds a Hearthkeep server already')
  if (entries.length > 0) throw new FolderNotEmpty(folder, `is not empty (${entries.slice(0, 3).join(', ')})`)
}

/**
 * Mark the folder as being restored into, under its lock.
 *
 * @throws FolderNotEmpty, also when another snapshot was begun there
 */
export async function beginRestore(folder: string, snapshot: string): Promise<void> {
  requireEmpty(folder)
  const begun = readRestoring(folder)
  if (begun === snapshot) return
  if (begun !== null)
    throw new FolderNotEmpty(folder, `holds the beginning of a restore of ${begun}: go on with --at ${begun}`)
  await writeFileAtomically(join(folder, restoringFile), `${JSON.stringify({ snapshot })}\n`, 0o600)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
