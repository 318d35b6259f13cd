import { expect, test } from 'vitest'
import { Problem } from '#server/kit/problem.ts'
import { Guesses } from './guesses.ts'

let now = 1_700_000_000_000
const clock = { now: () => now }
const home = '192.168.1.7'
const wrong = async () => {
  throw new Problem('auth.failed')
}
const right = async () => 'in'

async function fail(guesses: Guesses, times: number, subject = 'ada', address = home): Promise<void> {
  for (let n = 0; n < times; n++) await guesses.guard(subject, address, wrong).catch(() => {})
}

test('twenty wrong guesses close the door to right ones too, for a quarter of an hour', async () => {
  const guesses = new Guesses(clock)
  await fail(guesses, 19)
  expect(await guesses.guard('ada', home, right)).toBe('in')
  await fail(guesses, 1)
  const refused = guesses.guard('ada', home, right)
  await expect(refused).rejects.toMatchObject({ code: 'rate.limited', headers: { 'Retry-After': '900' } })
  expect(() => guesses.check('ada', home)).toThrow('Too many requests')
  now += 15 * 60_000 - 1
  expect(() => guesses.check('ada', home)).toThrow()
  now += 1
  expect(await guesses.guard('ada', home, right)).toBe('in')
})

test('other people, and the same person elsewhere, are not held up', async () => {
  const guesses = new Guesses(clock)
  await fail(guesses, 20)
  expect(await guesses.guard('bob', home, right)).toBe('in')
  expect(await guesses.guard('ada', '192.168.1.8', right)).toBe('in')
})

test('a /64 is one place', async () => {
  const guesses = new Guesses(clock)
  await fail(guesses, 20, 'ada', '2001:db8::1')
  expect(() => guesses.check('ada', '2001:db8::ffff:1')).toThrow()
  guesses.check('ada', '2001:db8:0:1::1')
})

test('a hundred at once are not all let in', async () => {
  const guesses = new Guesses(clock)
  let tried = 0
  const slow = async () => {
    tried++
    await new Promise((resolve) => setTimeout(resolve, 5))
    throw new Problem('auth.failed')
  }
  await Promise.allSettled(Array.from({ length: 100 }, () => guesses.guard('ada', home, slow)))
  expect(tried).toBe(20)
})

test('a busy server is nobody’s wrong guess', async () => {
  const guesses = new Guesses(clock)
  for (let n = 0; n < 50; n++)
    await guesses.guard('ada', home, async () => Promise.reject(new Problem('server.busy'))).catch(() => {})
  expect(await guesses.guard('ada', home, right)).toBe('in')
})

test('a clock that jumps back locks nobody out for longer', async () => {
  const guesses = new Guesses(clock)
  await fail(guesses, 20)
  now -= 3_600_000
  expect(await guesses.guard('ada', home, right)).toBe('in')
})
