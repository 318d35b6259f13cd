import { randomBytes } from 'node:crypto'
import { assert, property, string, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { accountKey, compressed, ecKey } from '#e2e/support/factors-keys.ts'
import { isProblem } from '#server/kit/problem.ts'
import { checkResetSignature } from './check-reset-signature.ts'

const key = accountKey()
const challenge = randomBytes(32)
const text = challenge.toString('base64')

test('takes a low-S signature by the key that the id is made of', () => {
  for (let round = 0; round < 20; round++) {
    const other = accountKey()
    expect(() => checkResetSignature(other.id, other.sign(text), challenge)).not.toThrow()
  }
})

test('refuses the twin with a high S', () => {
  expect(refusalOf(key.id, key.signHigh(text))).toEqual(wrong)
})

test('refuses a good signature of P-256, which the original took until 0.9.0 (factor-backup §10.15)', () => {
  for (let round = 0; round < 20; round++) {
    const other = ecKey()
    const id = `backup_account_${Buffer.from(compressed(other.publicKey), 'base64').toString('hex')}`
    expect([wrong[0], 'factors.invalid_backup_account_id']).toContain(refusalOf(id, other.sign(text))?.[0])
  }
})

const wrong = ['factors.signature_verification_error', 'Signature verification failed.']
const unparsable = 'Failed to parse compressed public key from backup_account_id.'
const offCurve = 'Failed to create verifying key from backup_account_id.'

test.each([
  ['an id with another tag', `backup_account_04${'11'.repeat(32)}`, key.sign(text), unparsable],
  ['an id that is no point', `backup_account_03${'ff'.repeat(32)}`, key.sign(text), offCurve],
  ['an id off the curve', `backup_account_02${'00'.repeat(31)}05`, key.sign(text), offCurve],
  ['a signature that is no base64', key.id, 'no base64!', 'Signature must be valid base64.'],
  ['a signature without its padding', key.id, 'QQ', 'Signature must be valid base64.'],
  ['a signature without DER', key.id, randomBytes(64).toString('base64'), 'Failed to parse signature as DER format.'],
  ['an empty signature', key.id, '', 'Failed to parse signature as DER format.'],
  [
    'a signature of other bytes',
    key.id,
    key.sign(randomBytes(32).toString('base64')),
    'Signature verification failed.',
  ],
  ['a signature by another key', key.id, accountKey().sign(text), 'Signature verification failed.'],
  ['a bad id before a bad signature', `backup_account_03${'ff'.repeat(32)}`, 'no base64!', offCurve],
])('%s is refused in the contract’s words', (_, id, signature, message) => {
  expect(refusalOf(id, signature)?.[1]).toBe(message)
})

test('anything else is refused with one of the three codes', () => {
  const points = uint8Array({ minLength: 32, maxLength: 32 })
  const ids = points.map((x) => `backup_account_02${Buffer.from(x).toString('hex')}`)
  const signatures = uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64'))
  assert(
    property(tuple(ids, signatures), ([id, signature]) => {
      expect(codes).toContain(refusalOf(id, signature)?.[0])
    }),
  )
  assert(
    property(tuple(string(), string()), ([id, signature]) => {
      expect(codes).toContain(refusalOf(id, signature)?.[0])
    }),
  )
})

const codes = ['factors.invalid_backup_account_id', 'factors.invalid_signature', 'factors.signature_verification_error']

function refusalOf(id: string, signature: string): [code: string, message: string] | null {
  try {
    checkResetSignature(id, signature, challenge)
    return null
  } catch (error) {
    if (isProblem(error)) return [error.code, error.message]
    throw error
  }
}
