import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Modules for `preload` of `startServer`. */
export const shiftClock = join(import.meta.dirname, 'shift-clock.mjs')
export const hurryJobs = join(import.meta.dirname, 'disaster-hurry.mjs')

export const hour = 3_600_000
export const day = 24 * hour
export const year = 365 * day

export type WallClock = Disposable & {
  /** For `startServer`, together with `preload: [shiftClock]`. */
  env: Record<string, string>
  /** Let the server's clock run this many milliseconds ahead of the real one, at once. */
  shift(milliseconds: number): void
  /** The same, as if so much time had passed: the machine says so too. Shifts back, it goes on being up. */
  pass(milliseconds: number): void
}

/** A wall clock for a server that a test may move either way, also while the server runs. */
export function wallClock(): WallClock {
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-clock-'))
  const file = join(folder, 'shift')
  let passed = 0
  const shift = (milliseconds: number) => {
    writeFileSync(`${file}.new`, `${milliseconds} ${passed}`)
    renameSync(`${file}.new`, file)
    // Until the server has read it again: `readEvery` of shift-clock.mjs, and more.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
  }
  shift(0)
  return {
    env: { SHIFT_CLOCK_FILE: file },
    shift,
    pass(milliseconds) {
      passed = Math.max(passed, milliseconds)
      shift(milliseconds)
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
