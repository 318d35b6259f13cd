import { expect, test } from 'vitest'
import { isWithinKdfLimits, kdfFloor } from './kdf.ts'
import { parametersFor, tuneKdf } from './tune-kdf.ts'

test('adds passes until the derivation takes about three quarters of a second', () => {
  expect(parametersFor(150)).toEqual({ memoryKiB: 65_536, iterations: 5, parallelism: 1 })
  expect(parametersFor(100)).toEqual({ memoryKiB: 65_536, iterations: 8, parallelism: 1 })
})

test('keeps a slow phone at the floor, never below', () => {
  expect(parametersFor(2_000)).toEqual(kdfFloor)
})

test('takes more memory on a fast machine, within what every device must open', () => {
  expect(parametersFor(30)).toEqual({ memoryKiB: 131_072, iterations: 13, parallelism: 1 })
  expect(parametersFor(0)).toEqual({ memoryKiB: 262_144, iterations: 20, parallelism: 1 })
  for (const passMs of [0, 1, 5, 10, 50, 500, 1e6]) expect(isWithinKdfLimits(parametersFor(passMs))).toBe(true)
})

test('times one pass over the floor’s memory, after a warm-up', async () => {
  const asked: number[] = []
  let now = 0
  const parameters = await tuneKdf({
    now: () => now,
    derive: async (_password, _salt, { memoryKiB, iterations }) => {
      asked.push(memoryKiB * iterations)
      now += memoryKiB === 65_536 ? 250 : 5_000
      return new Uint8Array(32)
    },
  })
  expect(asked).toEqual([64, 65_536])
  expect(parameters).toEqual(kdfFloor)
})
