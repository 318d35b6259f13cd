import { expect, test } from 'vitest'
import { readTyped } from './read-typed.ts'

const key = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

function typed(fields: Record<string, string>) {
  const form = new FormData()
  for (const [field, value] of Object.entries(fields)) form.set(field, value)
  return readTyped(form)
}

test('a key as sites print it is kept bare, under what its owner calls it', () => {
  const secret = key.toLowerCase().replace(/(.{4})/g, '$1 ')
  expect(typed({ secret, issuer: 'Shop', name: ' mum ', kind: 'totp', period: '30', digits: '6' })).toEqual({
    kind: 'code',
    stored: { account: 'Shop:mum', secret: key },
  })
})

test('other settings are kept with it', () => {
  const hotp = typed({ secret: key, issuer: 'Door', kind: 'hotp', counter: '7', digits: '8', algorithm: 'SHA256' })
  expect(hotp).toMatchObject({ kind: 'code', stored: { account: 'Door' } })
  expect(JSON.stringify(hotp)).toMatch(/otpauth:\/\/hotp.*algorithm=SHA256&digits=8&counter=7/)
})

test('a link knows whose it is, unless its owner says otherwise', () => {
  const secret = `otpauth://totp/Mail:mum?secret=${key}&issuer=Mail`
  expect(typed({ secret })).toMatchObject({ stored: { account: 'Mail:mum' } })
  expect(typed({ secret, issuer: 'Post' })).toMatchObject({ stored: { account: 'Post:mum' } })
})

test.each([
  [{ secret: 'not a key!', issuer: 'x' }, 'wrong'],
  [{ secret: '', issuer: 'x' }, 'wrong'],
  [{ secret: 'otpauth://totp/x', issuer: 'x' }, 'wrong'],
  [{ secret: key }, 'noName'],
  [{ secret: key, issuer: 'x', period: 'often' }, 'wrongSettings'],
  [{ secret: key, issuer: 'x', period: '0' }, 'wrongSettings'],
  [{ secret: key, issuer: 'x', kind: 'hotp', counter: '-1' }, 'wrongSettings'],
])('%j is told as %s', (fields, kind) => {
  expect(typed(fields as Record<string, string>).kind).toBe(kind)
})
