import { expect, test } from 'vitest'
import { isUnchanged, readConditions, requireConditions, requireMatch } from './conditions.ts'

const given = (headers: Record<string, string>) => readConditions(new Headers(headers))
const fails = (headers: Record<string, string>, etag: string | null) => {
  try {
    requireConditions(given(headers), etag)
    return false
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('without conditions everything goes', () => {
  expect(fails({}, '"1"')).toBe(false)
  expect(fails({}, null)).toBe(false)
})

test.each([
  ['"1"', '"1"', false],
  ['"2"', '"1"', 'precondition.failed'],
  ['"2", "1"', '"1"', false],
  ['"a,b" ,"1"', '"1"', false],
  ['*', '"1"', false],
  ['*', null, 'precondition.failed'],
  ['"1"', null, 'precondition.failed'],
  ['W/"1"', '"1"', 'precondition.failed'],
  ['', '"1"', 'precondition.failed'],
])('If-Match: %s against %s', (header, etag, outcome) => {
  expect(fails({ 'If-Match': header }, etag)).toBe(outcome)
})

test.each([
  ['*', null, false],
  ['*', '"1"', 'precondition.failed'],
  ['"1"', '"1"', 'precondition.failed'],
  ['W/"1"', '"1"', 'precondition.failed'],
  ['"2"', '"1"', false],
  ['"2"', null, false],
])('If-None-Match: %s against %s, on a request that changes something', (header, etag, outcome) => {
  expect(fails({ 'If-None-Match': header }, etag)).toBe(outcome)
})

test.each(['1', 'abc', '"1', '"1" "2"', '"1";q=1', '*, "1"'])('%s is refused rather than guessed at', (header) => {
  expect(() => given({ 'If-Match': header })).toThrow('Invalid If-Match header')
  expect(() => given({ 'If-None-Match': header })).toThrow('Invalid If-None-Match header')
})

test('a GET compares weakly for If-None-Match, strongly for If-Match', () => {
  expect(isUnchanged(given({ 'If-None-Match': '"7", W/"1"' }), '"1"')).toBe(true)
  expect(isUnchanged(given({ 'If-None-Match': '"7"' }), '"1"')).toBe(false)
  expect(isUnchanged(given({}), '"1"')).toBe(false)
  expect(() => requireMatch(given({ 'If-Match': 'W/"1"' }), '"1"')).toThrow('Precondition failed')
})

test('a refusal names the version there is', () => {
  try {
    requireMatch(given({ 'If-Match': '"2"' }), '"1"')
    expect.unreachable()
  } catch (error) {
    expect((error as { headers: unknown }).headers).toEqual({ ETag: '"1"' })
  }
})
