import { expect, test } from 'vitest'
import { BinaryField } from './binary-field.ts'

const bytes = Buffer.from('fbff00', 'hex')

test.each([
  ['base64url', '-_8A'],
  ['base64', '+/8A'],
  ['integers', [251, 255, 0]],
])('%s is read', (_spelling, given) => {
  expect(BinaryField.parse(given)).toEqual(bytes)
})

test.each(['-w', '-w==', '+w==', '+w'])('%s is read, padded or not', (given) => {
  expect(BinaryField.parse(given)).toEqual(Buffer.of(251))
})

test('nothing at all is read as no bytes', () => {
  expect(BinaryField.parse('')).toHaveLength(0)
  expect(BinaryField.parse([])).toHaveLength(0)
})

test.each([
  ['both alphabets at once', '-_8A+/8A'],
  ['bits left over', '-x'],
  ['half the padding', '-w='],
  ['too much padding', '-w==='],
  ['padding inside', '-w==-w=='],
  ['a lone letter', 'A'],
  ['white space', ' -_8A'],
  ['a line break', '-_8A\n'],
  ['an integer too large', [256]],
  ['an integer below zero', [-1]],
  ['a fraction', [0.5]],
  ['texts in a list', ['1']],
  ['an object', { 0: 1 }],
  ['a number', 1],
  ['null', null],
  ['undefined', undefined],
])('%s is refused', (_what, given) => {
  expect(BinaryField.safeParse(given).success).toBe(false)
})

test('a long list of nonsense makes one complaint', () => {
  const read = BinaryField.safeParse(Array.from({ length: 500_000 }, () => 'x'))
  expect(read.error?.issues).toHaveLength(1)
})
