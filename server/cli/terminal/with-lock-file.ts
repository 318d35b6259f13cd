import { open, stat, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds. Nobody holds a lock for longer than it takes to write a small file: an older one was left by a crash. */
const abandonedAfter = 10_000
const retryAfter = 20

/** Runs `work` while no other process does so with this file; creates `<path>.lock` beside it. */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  for (;;) {
    try {
      const file = await open(lock, 'wx', 0o600)
      await file.close()
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      const found = await stat(lock).catch(() => null)
      if (found && Date.now() - found.mtimeMs > abandonedAfter) await unlink(lock).catch(() => {})
      else await sleep(retryAfter)
    }
  }
  try {
    return await work()
  } finally {
    await unlink(lock).catch(() => {})
  }
}
