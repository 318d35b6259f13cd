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
  expect(passwordStrength(password, 8)).toBe(strength)
})

test('one that the keeper’s rule calls too short is so, whatever it is made of', () => {
  expect(passwordStrength('Tr0ub4dor&3', 12)).toBe(0)
})

test('a longer password is never weaker', () => {
  const phrase = 'Kühle Brise über dem Deich 7'
  const strengths = [...phrase].map((_, end) => passwordStrength(phrase.slice(0, end), 8))
  expect(strengths).toEqual([...strengths].sort())
})
