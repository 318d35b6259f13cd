import { expect, test } from 'vitest'
import { compressed, ecKey } from '#e2e/support/factors-keys.ts'
import { convertPoint } from './ec-public-key.ts'
import { nonceOfKey } from './nonce-of-key.ts'

test('the vector of factor-backup §5.4', () => {
  const point = Buffer.from('0394e549c71fa99dd5cf752fba623090be314949b74e4cdf7ca72031dd638e281a', 'hex')
  const publicKey = convertPoint('P-256', point, 'uncompressed')?.toString('base64') ?? ''
  expect(nonceOfKey(publicKey)).toBe('1663bba492a323085b13895634a3618792c4ec6896f3c34ef3c26396df22ef82')
})

test.each([
  ['no base64!', 'Invalid public key base64'],
  ['', 'P256 in SEC1 uncompressed public key must be 65 bytes long'],
  [compressed(ecKey().publicKey), 'P256 in SEC1 uncompressed public key must be 65 bytes long'],
  [Buffer.alloc(65, 4).toString('base64'), 'Invalid public key'],
  [Buffer.alloc(65).toString('base64'), 'Invalid public key'],
])('%j has none: %s', (publicKey, message) => {
  expect(() => nonceOfKey(publicKey)).toThrow(
    expect.objectContaining({ code: 'factors.oidc_token_invalid_nonce', message }),
  )
})
