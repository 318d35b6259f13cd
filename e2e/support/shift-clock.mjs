/**
 * Loaded before the server (`preload` of `startServer`): its wall clock runs `SHIFT_CLOCK_FILE` milliseconds ahead of
 * (or, negative, behind) the real one. The file is read again and again, so a test can make the clock jump at any time.
 * A second number in it is how much longer the machine seems to have been up than it has: time that passed, rather than
 * a clock that jumped.
 *
 * Only JavaScript's `Date` and the uptime move. The times of files and the monotonic clock stay real, which makes the disk
 * look as old as the jump: a harder case for the reaper than a jump of the whole machine's clock.
 */
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

const realNow = Date.now
const RealDate = Date
const realUptime = os.uptime
const readEvery = 10

let shift = 0
let passed = 0
let readAt = Number.NEGATIVE_INFINITY

function now() {
  look()
  return realNow() + shift
}

function uptime() {
  look()
  return realUptime() + passed / 1000
}

/** A test may be writing the file just now; then the last shift holds. */
function look() {
  if (performance.now() - readAt < readEvery) return
  readAt = performance.now()
  try {
    const numbers = /^(-?\d+)(?: (\d+))?$/.exec(readFileSync(process.env.SHIFT_CLOCK_FILE ?? '', 'utf8'))
    if (numbers) [shift, passed] = [Number(numbers[1]), Number(numbers[2] ?? 0)]
  } catch {
    // There is none yet.
  }
}

Date.now = now
os.uptime = uptime
syncBuiltinESMExports()
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values) => new target(...(values.length === 0 ? [now()] : values)),
  apply: () => new RealDate(now()).toString(),
})
