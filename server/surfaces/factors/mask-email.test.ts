import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { maskEmail } from './mask-email.ts'

test.each([
  ['example@gmail.com', 'ex***@gmail.com'],
  ['ex@gmail.com', 'ex@gmail.com'],
  ['e@gmail.com', 'e@gmail.com'],
  ['abc@gmail.com', 'ab***@gmail.com'],
  ['@gmail.com', ''],
  ['example@', ''],
  ['example', ''],
  ['a@b@c', ''],
  ['', ''],
])('%j becomes %j', (email, masked) => {
  expect(maskEmail(email)).toBe(masked)
})

test('letters of several bytes are not cut in two (factor-backup §10.15)', () => {
  expect(maskEmail('äöü@example.org')).toBe('äö***@example.org')
  expect(maskEmail('日本語@example.org')).toBe('日本***@example.org')
  expect(maskEmail('😀😁😂@example.org')).toBe('😀😁***@example.org')
  expect(maskEmail('😀😁@example.org')).toBe('😀😁@example.org')
})

test('whatever comes, no more than two characters of a longer name are kept', () => {
  assert(
    property(string({ unit: 'grapheme' }), (text) => {
      const [local = ''] = maskEmail(`${text}@example.org`).split('@')
      expect([...local].length).toBeLessThanOrEqual(5)
    }),
  )
})
