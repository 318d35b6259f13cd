import { expect, test } from 'vitest'
import { pickLanguage, preferredLanguage } from './language.ts'

test.each([
  ['de', 'en', 'de'],
  [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
  [undefined, 'fr-FR, en;q=0.5, de;q=0.7', 'de'],
  [undefined, 'fr, de;q=0, en;q=0.1', 'en'],
  [undefined, 'DE', 'de'],
  ['xx', 'de', 'de'],
  ['constructor', null, 'en'],
  [undefined, 'fr, *', 'en'],
  [undefined, ';;q=,,q=9', 'en'],
  [undefined, null, 'en'],
])('chosen %j and accepted %j is %s', (chosen, accepted, language) => {
  expect(pickLanguage(chosen, accepted)).toBe(language)
})

test.each([
  ['de-CH, en;q=0.5', 'de'],
  ['fr, *', null],
  ['*', null],
  ['', null],
  [null, null],
])('a browser that accepts %j prefers %j', (accepted, language) => {
  expect(preferredLanguage(accepted)).toBe(language)
})
