import { expect, test } from 'vitest'
import { when } from './when.ts'

const winter = Date.UTC(2026, 10, 21, 7, 42)
const summer = Date.UTC(2026, 6, 1, 22, 5)

test.each([
  ['en', winter, 'Europe/Berlin', '21 November 2026 at 08:42 CET'],
  ['de', winter, 'Europe/Berlin', '21. November 2026 um 08:42 MEZ'],
  ['de', summer, 'Europe/Berlin', '2. Juli 2026 um 00:05 MESZ'],
  ['de', winter, 'UTC', '21. November 2026 um 07:42 UTC'],
  ['en', winter, 'America/New_York', '21 November 2026 at 02:42 GMT-5'],
  [null, winter, 'Europe/Berlin', '2026-11-21 07:42 UTC'],
] as const)('a reader of %s reads %i in %s as %s', (language, at, zone, text) => {
  expect(when(at, language, zone)).toBe(text)
})

test('without a zone it is this machine’s', () => {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  expect(when(winter, 'de')).toBe(when(winter, 'de', timeZone))
})
