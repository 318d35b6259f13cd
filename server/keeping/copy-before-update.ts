import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkDatabase } from '#db/back-up.ts'
import { pruneCopies } from '#db/snapshot.ts'
import type { Context } from '#server/context.ts'
import { syncFolder } from '#server/kit/atomic-file.ts'
import { copyDatabase } from './database-copy.ts'

/**
 * Copy the database aside before another version of this program is installed, while it is in use. Lies in
 * `<data>/snapshots` beside those that migrations make; the newest three are kept.
 *
 * @returns path of the copy, checked and on disk
 * @throws Error with words, when there is no room or the copy is not sound
 */
export async function copyBeforeUpdate({
  config,
  db,
  clock,
}: Pick<Context, 'config' | 'db' | 'clock'>): Promise<string> {
  const folder = join(config.dataFolder, 'snapshots')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `before-update-${new Date(clock.now()).toISOString().replace(/[:.]/g, '-')}.sqlite`)
  const partial = `${path}.partial`
  try {
    await copyDatabase(db.path, partial)
    const faults = await checkDatabase(partial)
    if (faults.length > 0) throw new Error(`The copy of the database is damaged: ${faults.join('; ')}`)
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  await syncFolder(folder)
  pruneCopies(folder, 'before-update')
  return path
}
