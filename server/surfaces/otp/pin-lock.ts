const minute = 60_000
const hour = 60 * minute

/**
 * Wrong PINs, each within this time of the one before, lock a device (otp §6.3). Counted from the last one and not from
 * the first, so that five within the time lock it wherever they fall.
 */
const mostWrong = 5
const windowMilliseconds = 15 * minute
const firstLock = 15 * minute
const longestLock = 24 * hour
/** A lock this long ago no longer makes the next one longer. */
const forgottenAfter = 7 * 24 * hour

/** How a device stands with wrong PINs; kept in its row, so a restart forgives nothing. */
export type PinLock = {
  wrongPins: number
  /** Of the last wrong one; milliseconds, as `lockedAt` is. Null while none was wrong. */
  lastWrongAt: number | null
  lockedAt: number | null
  /** Locks in a row; each is twice as long as the one before. */
  lockLevel: number
}

/** Milliseconds until a PIN may be tried again; 0 when it may now. A clock moved back starts the lock anew. */
export function lockLeft({ lockedAt, lockLevel }: PinLock, now: number): number {
  return lockedAt === null ? 0 : Math.max(0, lockLength(lockLevel) - Math.max(0, now - lockedAt))
}

/** How many PINs may still be tried before the last of them, if wrong, locks the device; at least 1. */
export function triesLeft(state: PinLock, now: number): number {
  return mostWrong - (countsNow(state, now) ? state.wrongPins : 0)
}

/**
 * The state with one more wrong PIN. It is written before the PIN is tried, so that neither a hundred tries at once nor
 * a crash in the middle wins a sixth, and taken back when the PIN was right.
 *
 * Right PINs in between forgive nothing: whoever guesses while the owner's phone keeps asking gets no more tries by it.
 */
export function countTry(state: PinLock, now: number): PinLock {
  const wrongPins = countsNow(state, now) ? state.wrongPins + 1 : 1
  if (wrongPins < mostWrong) return { ...state, wrongPins, lastWrongAt: now }
  return {
    wrongPins: 0,
    lastWrongAt: null,
    lockedAt: now,
    lockLevel: isForgotten(state, now) ? 1 : state.lockLevel + 1,
  }
}

/** Whether wrong PINs of before are still held against the next one. */
function countsNow({ lastWrongAt: last }: PinLock, now: number): boolean {
  return last !== null && now >= last && now < last + windowMilliseconds
}

function isForgotten({ lockedAt, lockLevel }: PinLock, now: number): boolean {
  return lockedAt === null || now >= lockedAt + lockLength(lockLevel) + forgottenAfter
}

function lockLength(level: number): number {
  return Math.min(longestLock, firstLock * 2 ** Math.max(0, level - 1))
}
