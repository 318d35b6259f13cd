import { expect, test } from 'vitest'
import { countTry, lockLeft, type PinLock, triesLeft } from './pin-lock.ts'

const minute = 60_000
const start = 1_700_000_000_000
const none: PinLock = { wrongPins: 0, lastWrongAt: null, lockedAt: null, lockLevel: 0 }

function wrong(times: number, state: PinLock, now: number): PinLock {
  return times === 0 ? state : wrong(times - 1, countTry(state, now), now)
}

test('five in fifteen minutes lock for fifteen, four do not', () => {
  expect(lockLeft(wrong(4, none, start), start)).toBe(0)
  const locked = wrong(5, none, start)
  expect(lockLeft(locked, start)).toBe(15 * minute)
  expect(lockLeft(locked, start + 15 * minute - 1)).toBe(1)
  expect(lockLeft(locked, start + 15 * minute)).toBe(0)
})

test('five in fifteen minutes lock wherever they fall, also when the first of the quarter hour was long before', () => {
  const early = wrong(3, wrong(1, none, start), start + 14 * minute)
  expect(lockLeft(wrong(1, early, start + 16 * minute), start + 16 * minute)).toBe(15 * minute)
})

test('four are forgotten when fifteen minutes are over', () => {
  const later = wrong(4, wrong(4, none, start), start + 15 * minute)
  expect(lockLeft(later, start + 15 * minute)).toBe(0)
  expect(lockLeft(wrong(1, later, start + 15 * minute), start + 15 * minute)).toBe(15 * minute)
})

test('each further lock is twice as long, up to a day; a quiet week forgets', () => {
  let state = none
  let now = start
  const lengths: number[] = []
  for (let n = 0; n < 9; n++) {
    state = wrong(5, state, now)
    lengths.push(lockLeft(state, now) / minute)
    now += lockLeft(state, now)
  }
  expect(lengths).toEqual([15, 30, 60, 120, 240, 480, 960, 1440, 1440])
  const week = 7 * 24 * 60 * minute
  expect(lockLeft(wrong(5, state, now + week - 1), now + week - 1)).toBe(1440 * minute)
  expect(lockLeft(wrong(5, state, now + week), now + week)).toBe(15 * minute)
})

test('a clock moved back neither opens a lock nor counts old tries', () => {
  const locked = wrong(5, none, start)
  expect(lockLeft(locked, start - 1000 * minute)).toBe(15 * minute)
  expect(countTry(wrong(4, none, start), start - minute)).toMatchObject({ wrongPins: 1, lastWrongAt: start - minute })
})

test('says how many tries are left, and forgets with the quarter hour', () => {
  expect([0, 1, 4].map((times) => triesLeft(wrong(times, none, start), start))).toEqual([5, 4, 1])
  expect(triesLeft(wrong(4, none, start), start + 15 * minute)).toBe(5)
  expect(triesLeft(wrong(5, none, start), start + 15 * minute)).toBe(5)
})
