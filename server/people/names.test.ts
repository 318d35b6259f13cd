import { expect, test } from 'vitest'
import { isAcceptableEmail, normalName } from './names.ts'

test.each([
  'a@x.org',
  'nodomain',
  '"odd"@x',
  'o’brien@x',
  'a..b@x',
  'a/../b@x',
  'пётр@пример.рф',
  'a, b@x',
  '<a>@x',
  'a'.repeat(254),
])('%s is taken', (email) => expect(isAcceptableEmail(normalName(email))).toBe(true))

test.each(['', '  ', 'a\r\nBcc: b@x', 'a\nb', 'a\0b', 'a\x7fb', 'a\u2028b', 'a:b@x', '\ud800@x', 'a'.repeat(255)])(
  '%j is not',
  (email) => expect(isAcceptableEmail(normalName(email))).toBe(false),
)

test('blanks around and letter case do not matter', () => {
  expect(normalName('  Ada@X.ORG\t')).toBe('ada@x.org')
})
