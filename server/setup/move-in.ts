import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { lockDataFolder } from '#server/config/lock-data-folder.ts'
import { incomingFolder } from '#server/config/restoring.ts'
import { syncFolder, writeFileAtomically } from '#server/kit/atomic-file.ts'
import { holdsNothing } from './nothing-kept.ts'

/** Says that what is in there is whole and takes over. */
export const moveInFile = 'moving-in.json'
/** Where what was there before goes. */
const asideFolder = 'before-restore'

const shape = z.object({ snapshot: z.string(), phase: z.enum(['clear', 'enter']) })
type Moving = z.infer<typeof shape>

const stays = new Set([
  incomingFolder,
  moveInFile,
  asideFolder,
  'lock.sqlite',
  'lock.sqlite-journal',
  'lost+found',
  '.DS_Store',
])

/** From here on, the next start is the restored server's, whatever happens in between. */
export async function markForMovingIn(dataFolder: string, snapshot: string): Promise<void> {
  await rm(join(dataFolder, asideFolder), { recursive: true, force: true })
  await write(dataFolder, { snapshot, phase: 'clear' })
}

/**
 * Let a restored server take over, before anything of this data folder is opened. Interrupted anywhere, the next start
 * goes on: nothing is served between the empty server and the whole restored one.
 *
 * @param onStep  told before each change; tests end there
 * @returns the snapshot that has moved in, null when none was waiting
 * @throws DataFolderInUse
 */
export async function moveIn(dataFolder: string, onStep: () => void = () => {}): Promise<string | null> {
  if (!existsSync(join(dataFolder, moveInFile))) return null
  using _lock = lockDataFolder(dataFolder)
  const moving = shape.parse(JSON.parse(await readFile(join(dataFolder, moveInFile), 'utf8')))
  const incoming = join(dataFolder, incomingFolder)
  const aside = join(dataFolder, asideFolder)
  if (moving.phase === 'clear') {
    await mkdir(aside, { recursive: true, mode: 0o700 })
    await moveAll(dataFolder, aside, onStep)
    onStep()
    await write(dataFolder, { ...moving, phase: 'enter' })
  }
  if (existsSync(incoming)) {
    await moveAll(incoming, dataFolder, onStep)
    onStep()
    await rm(incoming, { recursive: true })
  }
  onStep()
  // Whatever came into the old server after the last look is kept for the keeper.
  if (holdsNothing(join(aside, 'hearthkeep.sqlite'))) await rm(aside, { recursive: true, force: true })
  onStep()
  await rm(join(dataFolder, moveInFile))
  await syncFolder(dataFolder)
  return moving.snapshot
}

async function moveAll(from: string, to: string, onStep: () => void): Promise<void> {
  for (const name of readdirSync(from)) {
    if (stays.has(name)) continue
    onStep()
    await rename(join(from, name), join(to, name))
  }
  await syncFolder(to)
  await syncFolder(from)
}

function write(dataFolder: string, moving: Moving): Promise<void> {
  return writeFileAtomically(join(dataFolder, moveInFile), `${JSON.stringify(moving)}\n`, 0o600)
}
