import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type TemporaryFolder = Disposable & { path: string }

export function temporaryFolder(name: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `hearthkeep-bench-${name}-`))
  return { path, ...removedAfterwards(path) }
}

/** Removes a folder when it is disposed of, or when the process ends before that. */
export function removedAfterwards(path: string): Disposable {
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  process.once('exit', remove)
  return {
    [Symbol.dispose]() {
      process.off('exit', remove)
      remove()
    },
  }
}

/** Magic numbers of statfs(2); a folder in memory makes every fsync free and the figures worthless. */
const inMemory = new Set([0x01021994, 0x858458f6])

export function isInMemory(folder: string): boolean {
  return inMemory.has(statfsSync(folder).type)
}
