import { createPrivateKey, createPublicKey, diffieHellman, randomBytes, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { mod, p, readLittleEndian, writeLittleEndian } from './edwards25519.ts'
import { signXEdDsa, x25519KeyPair } from './xeddsa.ts'

const jwk = (crv: string, x: Uint8Array) => ({ kty: 'OKP', crv, x: Buffer.from(x).toString('base64url') })

/** Verification as cloud-backup §2 writes it, with Node's own Ed25519. */
function isSigned(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const u = readLittleEndian(publicKey)
  const y = writeLittleEndian(mod((u - 1n) * power(u + 1n, p - 2n)))
  const plain = Uint8Array.from(signature)
  plain[63] = (plain[63] ?? 0) & 0x7f
  return [0, 0x80].some((sign) => {
    const point = Uint8Array.from(y)
    point[31] = (point[31] ?? 0) | sign
    const key = createPublicKey({ key: jwk('Ed25519', point), format: 'jwk' })
    return verify(null, message, key, plain)
  })
}

function power(value: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = mod(value), rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    if (rest & 1n) result = mod(result * square)
  }
  return result
}

test('makes the public key that Node makes of the same private key', () => {
  const alice = x25519KeyPair(randomBytes(32))
  const priv = createPrivateKey({
    key: { ...jwk('X25519', alice.publicKey), d: Buffer.from(alice.privateKey).toString('base64url') },
    format: 'jwk',
  })
  const derived = createPublicKey(priv).export({ format: 'jwk' }).x
  expect(Buffer.from(alice.publicKey).toString('base64url')).toBe(derived)
})

test('agrees with Node about a shared secret', () => {
  const [one, other] = [x25519KeyPair(randomBytes(32)), x25519KeyPair(randomBytes(32))]
  const secret = (mine: typeof one, theirs: typeof one) =>
    diffieHellman({
      privateKey: createPrivateKey({
        key: { ...jwk('X25519', mine.publicKey), d: Buffer.from(mine.privateKey).toString('base64url') },
        format: 'jwk',
      }),
      publicKey: createPublicKey({ key: jwk('X25519', theirs.publicKey), format: 'jwk' }),
    })
  expect(secret(one, other).equals(secret(other, one))).toBe(true)
})

test('signs so that an Ed25519 verifier accepts it, and no other message or key', async () => {
  for (let round = 0; round < 12; round += 1) {
    const { publicKey, privateKey } = x25519KeyPair(randomBytes(32))
    const message = Uint8Array.from([5, ...randomBytes(32)])
    const signature = await signXEdDsa(privateKey, message, randomBytes(64))
    expect(isSigned(publicKey, message, signature)).toBe(true)
    expect(isSigned(publicKey, message.slice(1), signature)).toBe(false)
    expect(isSigned(x25519KeyPair(randomBytes(32)).publicKey, message, signature)).toBe(false)
  }
})
