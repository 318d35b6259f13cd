import { rmSync } from 'node:fs'
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DataFolderInUse, lockDataFolder } from '#server/config/lock-data-folder.ts'
import type { Piece } from './snapshot-manifest.ts'

/** Another process is making a snapshot of this server just now. */
export class SnapshotUnderWay extends Error {
  constructor() {
    super('A snapshot is being made already')
    this.name = 'SnapshotUnderWay'
  }
}

/** Where a run keeps its copy of the database, and what it has copied so far. One run at a time, whatever process. */
export type WorkFolder = Disposable & {
  databasePath: string
  /** Pieces that an interrupted run has stored already. */
  copied: Map<string, Piece>
  /** Remember a stored piece, in case this run is interrupted. */
  remember(piece: Piece): Promise<void>
  /** The run is over: nothing to go on from. */
  finish(): Promise<void>
}

/**
 * @param purpose  of the run: target and key; what a run for another has copied is of no use
 * @throws SnapshotUnderWay
 */
export async function openWorkFolder(dataFolder: string, purpose: string): Promise<WorkFolder> {
  const folder = join(dataFolder, 'snapshot-work')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = locked(folder)
  try {
    const databasePath = join(folder, 'database.sqlite')
    removeCopy(databasePath)
    const path = join(folder, 'copied.jsonl')
    const copied = await readCopied(path, purpose)
    if (!copied) await writeFile(path, `${JSON.stringify({ purpose })}\n`, { mode: 0o600 })
    return {
      databasePath,
      copied: copied ?? new Map(),
      remember: (piece) => appendFile(path, `${JSON.stringify(piece)}\n`),
      finish: () => rm(path, { force: true }),
      [Symbol.dispose]() {
        removeCopy(databasePath)
        lock[Symbol.dispose]()
      },
    }
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

function locked(folder: string): Disposable {
  try {
    return lockDataFolder(folder)
  } catch (error) {
    throw error instanceof DataFolderInUse ? new SnapshotUnderWay() : error
  }
}

function removeCopy(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true })
}

/** The last line may be half a line: the process died while it wrote. Then that piece is copied once more. */
async function readCopied(path: string, purpose: string): Promise<Map<string, Piece> | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const [head = '', ...lines] = text.split('\n')
  if ((lineOf(head) as { purpose?: string } | null)?.purpose !== purpose) return null
  const pieces = lines.flatMap((line) => (lineOf(line) as Piece | null) ?? [])
  return new Map(pieces.map((piece) => [piece.id, piece]))
}

function lineOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
