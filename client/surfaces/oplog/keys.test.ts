import { beforeAll, expect, test } from 'vitest'
import { isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { isMalformedKey, isOperationTooLarge } from './errors.ts'
import { createPrivateKey, importKeys, type OplogKeys, openPrivateKey, sealPrivateKey } from './keys.ts'
import { openOperation, sealOperation } from './operation-payload.ts'

const cheapKdf = { memoryKiB: 8, iterations: 1, parallelism: 1 }
const slot = { clientId: '0198c0de-0000-4000-8000-000000000001', index: 7 }
const text = (value: string) => new TextEncoder().encode(value)

let pkcs8: Uint8Array<ArrayBuffer>
let keys: OplogKeys
let strangers: OplogKeys
beforeAll(async () => {
  pkcs8 = await createPrivateKey(2048)
  keys = await importKeys(pkcs8)
  strangers = await importKeys(await createPrivateKey(2048))
})

test('a key carried to another device under a passphrase is the same user there', async () => {
  const sealed = await sealPrivateKey(pkcs8, 'correct horse battery', { kdf: cheapKdf })
  const other = await importKeys(await openPrivateKey(sealed, 'correct horse battery'))
  expect(other.user).toBe(keys.user)
  const payload = await sealOperation(keys, slot, text('hello'))
  expect(await openOperation(other, slot, payload)).toEqual({ content: text('hello') })
  const wrong = await openPrivateKey(sealed, 'wrong horse battery').catch((error) => error)
  expect(isWrongPasswordOrDamaged(wrong)).toBe(true)
})

test('the user is a public key any platform can read, and no key leaves the device again', async () => {
  const spki = Buffer.from(keys.user, 'base64')
  await crypto.subtle.importKey('spki', spki, { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt'])
  for (const key of [keys.decrypt, keys.authenticate]) expect(key.extractable).toBe(false)
})

test('what is no private key of 2048 bits or more is refused', async () => {
  const spki = new Uint8Array(Buffer.from(keys.user, 'base64'))
  const short = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
    true,
    ['decrypt', 'encrypt'],
  )
  const shortBytes = new Uint8Array(await crypto.subtle.exportKey('pkcs8', short.privateKey))
  for (const bytes of [new Uint8Array(0), text('nonsense'), spki, shortBytes]) {
    expect(isMalformedKey(await importKeys(bytes).catch((error) => error))).toBe(true)
  }
})

test.each([0, 1, 190, 191, 1024, 100_000, 764 * 1024])(
  'an operation of %i bytes comes back as it went in',
  async (n) => {
    const content = new Uint8Array(n).fill(7)
    const payload = await sealOperation(keys, slot, content)
    expect(payload.length).toBeLessThanOrEqual(1024 * 1024)
    expect(await openOperation(keys, slot, payload)).toEqual({ content })
  },
)

test('the size of a payload tells a bucket, not the length of what is in it', async () => {
  const lengthOf = async (n: number) => (await sealOperation(keys, slot, new Uint8Array(n))).length
  expect(await lengthOf(1)).toBe(await lengthOf(190))
  expect(await lengthOf(191)).toBe(await lengthOf(600))
})

test('an operation over a server’s limit is refused before it is kept', async () => {
  const error = await sealOperation(keys, slot, new Uint8Array(768 * 1024)).catch((thrown) => thrown)
  expect(isOperationTooLarge(error)).toBe(true)
})

test('an operation opens in its own slot only', async () => {
  const payload = await sealOperation(keys, slot, text('pay 1 to eve'))
  for (const other of [
    { ...slot, index: 8 },
    { ...slot, clientId: '0198c0de-0000-4000-8000-000000000002' },
  ]) {
    expect(await openOperation(keys, other, payload)).toEqual({ refused: 'not-authentic' })
  }
})

test('whoever has the public key alone cannot make an operation', async () => {
  const publicOnly = { ...strangers, encrypt: keys.encrypt, user: keys.user }
  for (const size of [5, 500]) {
    const forged = await sealOperation(publicOnly, slot, new Uint8Array(size))
    expect(await openOperation(keys, slot, forged)).toEqual({ refused: 'not-authentic' })
  }
})

test('no byte can be changed, cut or added', async () => {
  const payload = Buffer.from(await sealOperation(keys, slot, new Uint8Array(300)), 'base64')
  const opens = async (bytes: Uint8Array) => 'content' in (await openOperation(keys, slot, toBase64(bytes)))
  const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  expect(await opens(payload)).toBe(true)
  for (let at = 0; at < payload.length; at += 41) {
    const changed = Buffer.from(payload)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(await opens(changed)).toBe(false)
  }
  expect(await opens(payload.subarray(0, -1))).toBe(false)
  expect(await opens(Buffer.concat([payload, Buffer.of(0)]))).toBe(false)
  for (const garbage of ['', 'A', '!!', '=', 'AQ==', `${toBase64(payload)} `]) {
    expect(await openOperation(keys, slot, garbage)).toEqual({ refused: 'not-authentic' })
  }
})

test('a format of a newer program is told from a false operation', async () => {
  const bytes = Buffer.from(await sealOperation(keys, slot, text('x')), 'base64')
  bytes[0] = 2
  expect(await openOperation(keys, slot, bytes.toString('base64'))).toEqual({ refused: 'unknown-format' })
})

test('a server that passes an operation off as a challenge does not have it decrypted', async () => {
  for (const size of [5, 500]) {
    const payload = Buffer.from(await sealOperation(keys, slot, new Uint8Array(size)), 'base64')
    const challenge = payload.subarray(2, 2 + 256)
    await expect(crypto.subtle.decrypt({ name: 'RSA-OAEP' }, keys.decrypt, challenge)).rejects.toThrow()
  }
})
