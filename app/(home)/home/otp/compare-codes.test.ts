import { expect, test } from 'vitest'
import { findDoubles } from './compare-codes.ts'

const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test('the same key under another name is a double, whether bare or in a link', () => {
  const here = [{ account: 'Mail:mum', secret: key }]
  const found = [
    { account: 'Post', secret: key.toLowerCase() },
    { account: 'Post', secret: `otpauth://totp/Post?secret=${key}` },
    { account: 'Mail:mum', secret: 'JBSWY3DPEHPK3PXP' },
  ]
  expect(findDoubles(found, here)).toEqual([
    { kind: 'here', account: 'Mail:mum' },
    { kind: 'here', account: 'Mail:mum' },
    null,
  ])
})

test('other digits, kinds and algorithms make other codes', () => {
  const found = ['digits=8', 'algorithm=SHA256', 'period=60'].map((more) => ({
    account: 'x',
    secret: `otpauth://totp/x?secret=${key}&${more}`,
  }))
  expect(findDoubles(found, [{ account: 'x', secret: key }])).toEqual([null, null, null])
})

test('a counter that went on is still the same one, and the second of two in a file is told', () => {
  const at = (counter: number) => ({ account: 'Door', secret: `otpauth://hotp/Door?secret=${key}&counter=${counter}` })
  expect(findDoubles([at(1), at(7)], [])).toEqual([null, { kind: 'twice' }])
})

test('texts that make no codes are doubles only as a whole', () => {
  const text = { account: 'Recovery', secret: 'a b c!' }
  expect(findDoubles([text, { ...text, account: 'Other' }], [text])).toEqual([
    { kind: 'here', account: 'Recovery' },
    null,
  ])
})
