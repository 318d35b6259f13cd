/**
 * Loaded before the server (`preload` of `startServer`): its wall clock runs `SHIFT_CLOCK_FILE` milliseconds ahead of
 * (or, negative, behind) the real one. The file is read again and again, so a test can make the clock jump at any time.
 *
 * Only JavaScript's `Date` moves. The times of files and the monotonic clock stay real, which makes the disk look as
 * old as the jump: a harder case for the reaper than a jump of the whole machine's clock.
 */
import { readFileSync } from 'node:fs'

const realNow = Date.now
const RealDate = Date
const readEvery = 10

let shift = 0
let readAt = Number.NEGATIVE_INFINITY

function now() {
  if (performance.now() - readAt >= readEvery) {
    readAt = performance.now()
    shift = readShift()
  }
  return realNow() + shift
}

/** A test may be writing the file just now; then the last shift holds. */
function readShift() {
  try {
    const text = readFileSync(process.env.SHIFT_CLOCK_FILE ?? '', 'utf8')
    return /^-?\d+$/.test(text) ? Number(text) : shift
  } catch {
    return shift
  }
}

Date.now = now
globalThis.Date = new Proxy(RealDate, {
  construct: (target, values) => new target(...(values.length === 0 ? [now()] : values)),
  apply: () => new RealDate(now()).toString(),
})
