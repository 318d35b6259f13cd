import { expect, test } from 'vitest'
import { passwordStrength } from './password-strength.ts'

test.each([
  ['', 0],
  ['sevench', 0],
  ['aaaaaaaaaaaa', 1],
  ['12345678', 1],
  ['abcdefghijkl', 1],
  ['correct horse battery staple', 4],
  ['Tr0ub4dor&3', 3],
] as const)('%j is %i', (password, strength) => {
  expect(passwordStrength(password)).toBe(strength)
})

test('a longer password is never weaker', () => {
  const phrase = 'Kühle Brise über dem Deich 7'
  const strengths = [...phrase].map((_, end) => passwordStrength(phrase.slice(0, end)))
  expect(strengths).toEqual([...strengths].sort())
})
