import { expect, test } from 'vitest'
import { Arrivals } from './arrivals.ts'

const never = new AbortController().signal

test('an arrival wakes everybody who waits for that name, and nobody else', async () => {
  const arrivals = new Arrivals()
  const waiting = [arrivals.wait('a', 60_000, never), arrivals.wait('a', 60_000, never)]
  const other = arrivals.wait('b', 30, never)
  arrivals.announce('a')
  expect(await Promise.all(waiting)).toEqual([true, true])
  expect(await other).toBe(false)
})

test('whoever goes away is not waited for, and a stop ends all waiting for good', async () => {
  const arrivals = new Arrivals()
  const leave = new AbortController()
  const gone = arrivals.wait('a', 60_000, leave.signal)
  const stays = arrivals.wait('a', 60_000, never)
  leave.abort()
  expect(await gone).toBe(false)
  arrivals.stop()
  expect(await stays).toBe(false)
  expect(await arrivals.wait('a', 60_000, never)).toBe(false)
  expect(await new Arrivals().wait('a', 60_000, leave.signal)).toBe(false)
})
