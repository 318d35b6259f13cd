import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { toBase64 } from '#client/encoding/base64.ts'
import { fromHex } from '#client/encoding/hex.ts'
import { backupAccountOf, createBackupAccount, signReset } from './backup-account.ts'
import { toDer } from './ecdsa-der.ts'
import { oidcNonce } from './oidc-factor.ts'
import { withoutPrfOutput } from './passkey-factor.ts'
import { createSigningKey, exportSigningKey, importSigningKey, signChallenge } from './signing-key.ts'

const challenge = () => randomBytes(32).toString('base64')

describe('a key pair', () => {
  test('signs the raw challenge in DER, as node’s own crypto verifies it', async () => {
    const key = await createSigningKey()
    const point = Buffer.from(key.publicKey, 'base64')
    expect([point.length, point[0]]).toEqual([65, 4])
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    for (let round = 0; round < 200; round += 1) {
      const text = challenge()
      const signature = Buffer.from(await signChallenge(key, text), 'base64')
      expect(signature.length).toBeLessThanOrEqual(72)
      expect(verify('sha256', Buffer.from(text, 'base64'), publicKey, signature)).toBe(true)
    }
  })

  test('cannot be read out unless it was made for a file', async () => {
    const kept = await createSigningKey()
    await expect(exportSigningKey(kept)).rejects.toThrow()
    const filed = await createSigningKey({ extractable: true })
    const again = await importSigningKey(await exportSigningKey(filed))
    expect(again.publicKey).toBe(filed.publicKey)
    await expect(exportSigningKey(again)).rejects.toThrow()
  })

  test('signs nothing that is not a challenge', async () => {
    const key = await createSigningKey()
    for (const bad of ['', 'AAAA', `${challenge()}=`]) await expect(signChallenge(key, bad)).rejects.toThrow(TypeError)
  })
})

test('DER drops leading zeros and keeps integers positive', () => {
  const signature = new Uint8Array(64)
  signature[31] = 1
  signature[32] = 0x80
  expect([...toDer(signature)]).toEqual([0x30, 38, 2, 1, 1, 2, 33, 0, 0x80, ...new Array(31).fill(0)])
})

describe('a backup account', () => {
  test('is its compressed public key, and signs resets low-S', () => {
    const account = createBackupAccount()
    expect(account.id).toMatch(/^backup_account_0[23][0-9a-f]{64}$/)
    expect(backupAccountOf(account.secretKey)).toEqual(account)
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const publicKey = createPublicKey({ key: spkiOf(account.id), format: 'der', type: 'spki' })
    for (let round = 0; round < 50; round += 1) {
      const text = challenge()
      const der = Buffer.from(signReset(account, text), 'base64')
      expect(verify('sha256', Buffer.from(text, 'base64'), publicKey, der)).toBe(true)
      const rLength = der[3] ?? 0
      expect(BigInt(`0x${der.subarray(6 + rLength).toString('hex')}`) <= order / 2n).toBe(true)
    }
  })
})

test('the nonce of a sign-in is the contract’s vector (§5.4)', async () => {
  const compressed = '0394e549c71fa99dd5cf752fba623090be314949b74e4cdf7ca72031dd638e281a'
  const spki = Buffer.concat([
    Buffer.from('3039301306072a8648ce3d020106082a8648ce3d030107032200', 'hex'),
    hex(compressed),
  ])
  const jwk = createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'jwk' })
  const point = Buffer.concat([hex('04'), Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y ?? '', 'base64url')])
  const nonce = await oidcNonce({ publicKey: toBase64(point) })
  expect(nonce).toBe('1663bba492a323085b13895634a3618792c4ec6896f3c34ef3c26396df22ef82')
})

test('what a passkey derived is taken out of what is sent, and the rest is left', () => {
  const prf = { enabled: true, results: { first: randomBytes(32) } }
  const credential = { id: 'x', clientExtensionResults: { credProps: { rk: true }, prf } }
  const sent = withoutPrfOutput(credential as never) as unknown as typeof credential
  expect(sent).toEqual({ id: 'x', clientExtensionResults: { credProps: { rk: true }, prf: { enabled: true } } })
  const asserted = { clientExtensionResults: { prf: { results: { first: randomBytes(32) } } } }
  expect(withoutPrfOutput(asserted as never)).toEqual({ clientExtensionResults: {} })
})

function hex(text: string): Buffer {
  return Buffer.from(fromHex(text) ?? [])
}

/** SubjectPublicKeyInfo of a compressed secp256k1 point. */
function spkiOf(id: string): Buffer {
  const point = hex(id.replace('backup_account_', ''))
  return Buffer.concat([hex('3036301006072a8648ce3d020106052b8104000a032200'), point])
}
