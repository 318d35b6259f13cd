import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const mebibyte = 1024 * 1024

/** Why no file system can be mounted here, or null. */
export const cannotMount = whyNot()

export type SmallDisk = Disposable & {
  folder: string
  free(): number
  /** Write until no more than this many bytes are free (whole pages). */
  fill(leave: number): void
  /** Give the space back that `fill` has taken. */
  empty(): void
}

/** A file system of its own with room for this many MiB, in memory; gone at the end of the test. */
export function smallDisk(mebibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-disk-'))
  mount(folder, mebibytes)
  const filler = join(folder, 'filler')
  const free = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    free,
    fill(leave) {
      const file = openSync(filler, 'a')
      try {
        for (let wanted = free() - leave; wanted > 0; wanted = free() - leave)
          writeSync(file, Buffer.alloc(Math.min(wanted, mebibyte)))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    },
    empty: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      unmount(folder)
      rmdirSync(folder)
    },
  }
}

function mount(folder: string, mebibytes: number): void {
  const done = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'hearthkeep-test', folder])
  if (done.status !== 0) throw new Error(done.stderr?.toString() || 'mount failed')
}

/** Lazily if something still holds it: a test that failed must not leave a mount behind. */
function unmount(folder: string): void {
  if (spawnSync('umount', [folder]).status !== 0) spawnSync('umount', ['--lazy', folder])
}

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'needs Linux’s tmpfs'
  if (process.getuid?.() !== 0) return 'needs root to mount a small disk'
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-disk-'))
  try {
    mount(folder, 1)
    unmount(folder)
    return null
  } catch {
    return 'this machine does not let us mount a small disk'
  } finally {
    rmdirSync(folder)
  }
}
