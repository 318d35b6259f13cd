import { generateKeyPairSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cborBytes, cborInt, cborMap } from '#e2e/support/cbor.ts'
import { coseKeyOf, createPasskey } from '#e2e/support/software-authenticator.ts'
import { readCoseKey } from './cose-key.ts'

const options = { publicKey: { rp: { id: 'x' }, user: { id: 'AAAA' }, challenge: 'AAAA' } }
const { passkey } = createPasskey(options, { origin: 'https://x' })
const refused = expect.objectContaining({ code: 'webauthn.failed' })
const cose = (...members: Array<[number, Buffer]>) => cborMap(members.map(([name, value]) => [cborInt(name), value]))
const { x = '', y = '' } = passkey.publicKey.export({ format: 'jwk' })
const [px, py] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]

test.each(['ES256', 'RS256'] as const)('an %s key comes out as it went in', (algorithm) => {
  const made = createPasskey(options, { origin: 'https://x', algorithm }).passkey
  const read = readCoseKey(coseKeyOf(made))
  expect(read.algorithm).toBe(algorithm)
  expect(read.key.equals(made.publicKey)).toBe(true)
})

test.each([
  ['a point off the curve', ec({ x: randomBytes(32) })],
  ['a short coordinate', ec({ x: px.subarray(1) })],
  ['a curve that ES256 does not have', ec({ crv: 2 })],
  ['an algorithm that goes with another kind of key', ec({ alg: -257 })],
  ['an algorithm that is not offered', ec({ alg: -8 })],
  ['another kind of key', ec({ kty: 3 })],
  ['no coordinates', cose([1, cborInt(2)], [3, cborInt(-7)], [-1, cborInt(1)])],
  ['RSA of 1024 bits', rsa(1024)],
  ['a modulus that would take long', rsaOf(randomBytes(4096), Buffer.of(1, 0, 1))],
  ['an exponent that would take long', rsaOf(randomBytes(256), randomBytes(256))],
  ['no CBOR', Buffer.of(0xff)],
  ['nothing', Buffer.alloc(0)],
])('%s is refused', (_what, bytes) => {
  expect(() => readCoseKey(bytes)).toThrow(refused)
})

test('whatever the bytes are, nothing but a key or webauthn.failed', () => {
  const whole = coseKeyOf(passkey)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), fc.nat(whole.length), (noise, kept) => {
      try {
        readCoseKey(Buffer.concat([whole.subarray(0, kept), noise]))
      } catch (error) {
        expect(error).toEqual(refused)
      }
    }),
  )
})

function ec({
  kty = 2,
  alg = -7,
  crv = 1,
  x = px,
  y = py,
}: Partial<Record<'kty' | 'alg' | 'crv', number>> & { x?: Buffer; y?: Buffer }): Buffer {
  return cose([1, cborInt(kty)], [3, cborInt(alg)], [-1, cborInt(crv)], [-2, cborBytes(x)], [-3, cborBytes(y)])
}

function rsa(modulusLength: number): Buffer {
  const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' })
  return rsaOf(Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url'))
}

function rsaOf(n: Buffer, e: Buffer): Buffer {
  return cose([1, cborInt(3)], [3, cborInt(-257)], [-1, cborBytes(n)], [-2, cborBytes(e)])
}
