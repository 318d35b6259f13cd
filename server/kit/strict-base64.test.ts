import { assert, property, string, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { Base64Fault, decodeBase64 } from './strict-base64.ts'

test('every byte string is read back from its canonical form', () => {
  assert(
    property(uint8Array(), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes))
    }),
  )
})

test.each([
  ['QQ', 'Invalid padding'],
  ['QQ=', 'Invalid padding'],
  ['QUI', 'Invalid padding'],
  ['QUJD=', 'Invalid padding'],
  ['QR==', 'Invalid last symbol 82, offset 1.'],
  ['QUJ=', 'Invalid last symbol 74, offset 2.'],
  ['QUJDR', 'Invalid input length: 5'],
  ['QU-D', 'Invalid symbol 45, offset 2.'],
  ['QU_D', 'Invalid symbol 95, offset 2.'],
  ['QUJD\n', 'Invalid symbol 10, offset 4.'],
  [' QUJD', 'Invalid symbol 32, offset 0.'],
  ['Q===', 'Invalid symbol 61, offset 1.'],
  ['====', 'Invalid symbol 61, offset 0.'],
  ['QQ==QQ==', 'Invalid symbol 61, offset 2.'],
  ['QUJé', 'Invalid symbol 195, offset 3.'],
])('%j is refused: %s', (text, reason) => {
  expect(() => decodeBase64(text)).toThrow(new Base64Fault(reason))
})

test('any other text is refused as a fault of the text', () => {
  assert(
    property(string({ unit: 'binary' }), (text) => {
      try {
        expect(decodeBase64(text).toString('base64')).toBe(text)
      } catch (error) {
        expect(error).toBeInstanceOf(Base64Fault)
      }
    }),
  )
})
