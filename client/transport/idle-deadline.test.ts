import { expect, test, vi } from 'vitest'
import { startIdleDeadline } from './idle-deadline.ts'

test('what still moves after the end does not start the clock again', () => {
  vi.useFakeTimers()
  try {
    const deadline = startIdleDeadline(30_000)
    deadline.stop()
    deadline.touch()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('silence ends it, movement does not', () => {
  vi.useFakeTimers()
  try {
    const deadline = startIdleDeadline(1_000)
    vi.advanceTimersByTime(900)
    deadline.touch()
    vi.advanceTimersByTime(900)
    expect(deadline.signal.aborted).toBe(false)
    vi.advanceTimersByTime(100)
    expect(deadline.signal.aborted).toBe(true)
  } finally {
    vi.useRealTimers()
  }
})
