import { expect, test } from 'vitest'
import { readGigabytes, writeGigabytes } from './read-gigabytes.ts'

test.each([
  ['', null],
  ['  ', null],
  ['5', 5 * 1024 ** 3],
  [' 0,5 ', 512 * 1024 ** 2],
  ['0.25', 256 * 1024 ** 2],
  ['0', 0],
  ['1000000', 1_000_000 * 1024 ** 3],
])('%j is %j bytes, and comes back as it was typed', (typed, bytes) => {
  expect(readGigabytes(typed)).toBe(bytes)
  expect(readGigabytes(writeGigabytes(bytes))).toBe(bytes)
})

test.each(['x', '-1', '1e9', '1.2.3', '1000001', '5 GB', 'Infinity', '0x10', '٥'])('%j is no amount', (typed) => {
  expect(readGigabytes(typed)).toBe('invalid')
})
