import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { inChunks } from './compliance.ts'
import { maxParts, partSizeFor, partsOf } from './s3-parts.ts'

const mebibyte = 1024 * 1024
const gibibyte = 1024 * mebibyte

test('parts are 8 MiB, and larger only for what would not fit into 10 000 of them', () => {
  expect(partSizeFor(undefined)).toBe(8 * mebibyte)
  expect(partSizeFor(100 * mebibyte)).toBe(8 * mebibyte)
  for (const length of [78 * gibibyte, 79 * gibibyte, 5 * 1024 * gibibyte]) {
    expect(Math.ceil(length / partSizeFor(length))).toBeLessThanOrEqual(maxParts)
  }
})

test.each([
  [0, [0]],
  [1, [1]],
  [1000, [1000]],
  [1001, [1000, 1]],
  [3000, [1000, 1000, 1000]],
  [3500, [1000, 1000, 1000, 500]],
])('cuts %i bytes into parts of 1000, whatever the chunks and the announced length', async (size, expected) => {
  const bytes = randomBytes(size)
  for (const chunk of [1, 7, 1000, 5000]) {
    for (const hint of [undefined, 1, size, 10 * size]) {
      const parts: { bytes: Buffer; last: boolean }[] = []
      for await (const part of partsOf(inChunks(bytes, chunk), 1000, hint)) parts.push(part)
      expect(parts.map((part) => part.bytes.byteLength)).toEqual(expected)
      expect(parts.map((part) => part.last)).toEqual(expected.map((_, index) => index === expected.length - 1))
      expect(bytes.equals(Buffer.concat(parts.map((part) => part.bytes)))).toBe(true)
    }
  }
})
