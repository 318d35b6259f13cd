import { expect, test } from 'vitest'
import { bytesOf, sizeText } from './size-text.ts'

test.each([
  ['2097152', '2 MB'],
  ['1073741824', '1 GB'],
  ['500000000', '500000000'],
  ['32', '32'],
  ['0', '0'],
])('%s bytes are typed as %s, and that is the same again', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
  expect(bytesOf(text)).toBe(bytes)
})

test.each([
  ['1,5 GB', '1610612736'],
  ['1.5GiB', '1610612736'],
  ['10 kb', '10240'],
  ['100 Bytes', '100'],
])('%s is understood', (text, bytes) => {
  expect(bytesOf(text)).toBe(bytes)
})

test('what cannot be read is left for the server to refuse', () => {
  for (const text of ['much', '1.2.3 MB', '-1', '5 XB']) expect(bytesOf(text)).toBe(text)
})
