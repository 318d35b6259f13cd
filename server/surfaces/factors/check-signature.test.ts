import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { assert, constant, integer, property, string, tuple, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { compressed, ecKey, highS, shortSignature } from '#e2e/support/factors-keys.ts'
import { isProblem } from '#server/kit/problem.ts'
import { checkSignature } from './check-signature.ts'

const key = ecKey()
const challenge = randomBytes(32)
const text = challenge.toString('base64')
const good = { publicKey: key.publicKey, signature: key.sign(text) }
const der = Buffer.from(good.signature, 'base64')

test('takes a signature of the raw challenge bytes', () => {
  expect(() => checkSignature(good, challenge)).not.toThrow()
})

test('takes either S, as P-256 has always done', () => {
  expect(() => checkSignature({ ...good, signature: highS(good.signature) }, challenge)).not.toThrow()
})

test('takes signatures shorter than 70 bytes (factor-backup §10.15)', () => {
  const signature = shortSignature(key, text, 69)
  expect(() => checkSignature({ ...good, signature }, challenge)).not.toThrow()
})

test.each([
  ['no key', { publicKey: '' }, 'Public key, signature or trusted payload is empty'],
  ['no signature', { signature: '' }, 'Public key, signature or trusted payload is empty'],
  ['a key without its padding', { publicKey: unpadded(good.publicKey) }, decoding('Invalid padd')],
  ['a signature without its padding', { signature: padded().slice(0, -1) }, decoding('Invalid padd')],
  ['a key in base64url', { publicKey: `-${good.publicKey.slice(1)}` }, decoding('Invalid symb')],
  ['a compressed key', { publicKey: compressed(good.publicKey) }, 'Failed to create verifying key from SEC1 bytes'],
  ['a key of 64 bytes', { publicKey: keyBytes().subarray(1).toString('base64') }, badKey()],
  ['a hybrid key', { publicKey: changed(keyBytes(), 0, 6).toString('base64') }, badKey()],
  [
    'a point off the curve',
    { publicKey: changed(keyBytes(), 64, (keyBytes()[64] ?? 0) ^ 1).toString('base64') },
    badKey(),
  ],
  ['a point of zeroes', { publicKey: changed(Buffer.alloc(65), 0, 4).toString('base64') }, badKey()],
  ['a point of secp256k1', { publicKey: secp256k1Point() }, badKey()],
  [
    '73 bytes',
    { signature: Buffer.concat([der, Buffer.alloc(73 - der.length)]).toString('base64') },
    badDer('Invalid'),
  ],
  ['a byte more behind it', { signature: withTail() }, badDer()],
  ['a byte less', { signature: der.subarray(0, -1).toString('base64') }, badDer()],
  ['r and s without DER', { signature: randomBytes(64).toString('base64') }, badDer()],
  ['r of zero', { signature: Buffer.from('3006020100020101', 'hex').toString('base64') }, badDer()],
  ['a negative r', { signature: Buffer.from('3006020181020101', 'hex').toString('base64') }, badDer()],
  ['a padded r', { signature: Buffer.from('300702020001020101', 'hex').toString('base64') }, badDer()],
  ['a long form of the length', { signature: Buffer.from('308106020101020101', 'hex').toString('base64') }, badDer()],
  ['another key', { publicKey: ecKey().publicKey }, 'Signature verification failed'],
  ['another challenge', { signature: key.sign(randomBytes(32).toString('base64')) }, 'Signature verification failed'],
  ['the base64 text instead of the bytes', { signature: signed(text) }, 'Signature verification failed'],
])('%s is refused in the contract’s words', (_, change, message) => {
  expect(refusalOf({ ...good, ...change })).toEqual(['factors.signature_verification_error', message])
})

test('an empty challenge proves nothing', () => {
  expect(() => checkSignature(good, Buffer.alloc(0))).toThrow('Public key, signature or trusted payload is empty')
})

test('no other text or bytes get through, or fail in another way', () => {
  const bytes = uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array).toString('base64'))
  const bentDer = tuple(integer({ min: 0, max: der.length - 1 }), integer({ min: 1, max: 255 })).map(([at, by]) =>
    changed(der, at, (der[at] ?? 0) ^ by).toString('base64'),
  )
  const publicKey = constant(good.publicKey).map(String)
  for (const pair of [
    tuple(publicKey, bentDer),
    tuple(publicKey, bytes),
    tuple(bytes, bentDer),
    tuple(string(), string()),
  ])
    assert(
      property(pair, ([publicKey, signature]) => {
        expect(refusalOf({ publicKey, signature })?.[0]).toBe('factors.signature_verification_error')
      }),
      { numRuns: 300 },
    )
})

function refusalOf(proof: { publicKey: string; signature: string }): [code: string, message: string] | null {
  try {
    checkSignature(proof, challenge)
    return null
  } catch (error) {
    if (isProblem(error)) return [error.code, error.message]
    throw error
  }
}

function decoding(reason: string): string {
  return `Failed to decode a value from base64: ${reason}`
}

function badKey(): string {
  return 'Failed to create verifying key from SEC1 bytes'
}

function badDer(reason = 'signatu'): string {
  return `Failed to create signature from DER bytes: ${reason}`
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, '')
}

/** A signature whose base64 ends in padding. */
function padded(): string {
  for (;;) {
    const signature = key.sign(text)
    if (signature.endsWith('=')) return signature
  }
}

/** No longer than a signature may be, so that its length alone does not give it away. */
function withTail(): string {
  const short = Buffer.from(shortSignature(key, text, 71), 'base64')
  return Buffer.concat([short, Buffer.of(0)]).toString('base64')
}

function keyBytes(): Buffer {
  return Buffer.from(good.publicKey, 'base64')
}

function changed(bytes: Buffer, at: number, to: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = to
  return copy
}

function secp256k1Point(): string {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]).toString('base64')
}

function signed(message: string): string {
  return sign('sha256', Buffer.from(message), key.privateKey).toString('base64')
}
