import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { keepOriginalSecret, openSecret, sealSecret } from './seal-secret.ts'
import { box, unbox } from './secret-box.ts'
import { keepOriginalKey, unwrapMasterKey, wrapMasterKey } from './wrap-master-key.ts'

const masterKey = randomBytes(32)
const here = { deviceId: 1, otpId: 7 }

test('NaCl’s own test vector is boxed as NaCl boxes it', () => {
  // tests/secretbox.c of NaCl: firstkey, nonce, m (131 bytes) and the first bytes of c after its 16 zero bytes.
  const key = Buffer.from('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389', 'hex')
  const nonce = Buffer.from('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37', 'hex')
  const text = Buffer.from(
    'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705',
    'hex',
  )
  const boxed = box(key, text, () => nonce)
  expect(boxed.subarray(0, 24)).toEqual(nonce)
  expect(boxed.subarray(24, 56).toString('hex')).toBe(
    'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce',
  )
  expect(unbox(key, boxed)).toEqual(text)
})

test.each(['LhBcxADNq0NrcPlxwP5skw', '', 'schlüssel 🗝 ключ', 'x'.repeat(8192)])(
  'the secret %j comes back',
  (secret) => {
    const sealed = sealSecret(masterKey, here, secret, randomBytes)
    expect(sealed[0]).toBe(1)
    expect(openSecret(masterKey, here, sealed)).toBe(secret)
  },
)

test('a secret moved to another row, device or version does not open', () => {
  const sealed = sealSecret(masterKey, here, 'secret', randomBytes)
  expect(openSecret(masterKey, { deviceId: 1, otpId: 8 }, sealed)).toBeNull()
  expect(openSecret(masterKey, { deviceId: 2, otpId: 7 }, sealed)).toBeNull()
  expect(openSecret(masterKey, { deviceId: 17, otpId: 7 }, sealed)).toBeNull()
  for (const version of [0, 2, 255])
    expect(openSecret(masterKey, here, Buffer.concat([Buffer.of(version), sealed.subarray(1)]))).toBeNull()
  expect(openSecret(randomBytes(32), here, sealed)).toBeNull()
  expect(openSecret(masterKey, here, Buffer.alloc(0))).toBeNull()
})

test('no changed byte goes unseen', () => {
  const sealed = sealSecret(masterKey, here, 'secret', randomBytes)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(openSecret(masterKey, here, changed)).toBeNull()
  }
})

test('an imported secret opens under the master key itself', () => {
  const kept = keepOriginalSecret(box(masterKey, Buffer.from('schlüssel'), randomBytes))
  expect(openSecret(masterKey, here, kept)).toBe('schlüssel')
})

test('an imported secret that is no text is not made one', () => {
  const kept = keepOriginalSecret(box(masterKey, Buffer.from('ff00fe', 'hex'), randomBytes))
  expect(openSecret(masterKey, here, kept)).toBeNull()
})

const notHere = expect.objectContaining({ code: 'otp.secret_damaged' })

test('a master key opens with its PIN, on its device, at its server, and nowhere else', () => {
  const [serverKey, pinKey] = [randomBytes(32), randomBytes(32)]
  const wrapped = wrapMasterKey({ serverKey, pinKey }, 3, masterKey, randomBytes)
  expect(unwrapMasterKey({ serverKey, pinKey }, 3, wrapped)).toEqual(masterKey)
  expect(() => unwrapMasterKey({ serverKey, pinKey }, 4, wrapped)).toThrow(notHere)
  expect(unwrapMasterKey({ serverKey, pinKey: randomBytes(32) }, 3, wrapped)).toBeNull()
  expect(() => unwrapMasterKey({ serverKey: randomBytes(32), pinKey }, 3, wrapped)).toThrow(notHere)
  const older = Buffer.concat([Buffer.of(0), wrapped.subarray(1)])
  expect(() => unwrapMasterKey({ serverKey, pinKey }, 3, older)).toThrow(notHere)

  const original = keepOriginalKey(serverKey, 3, box(pinKey, masterKey, randomBytes), randomBytes)
  expect(unwrapMasterKey({ serverKey, pinKey }, 3, original)).toEqual(masterKey)
  expect(() => unwrapMasterKey({ serverKey: randomBytes(32), pinKey }, 3, original)).toThrow(notHere)
  expect(unwrapMasterKey({ serverKey, pinKey: randomBytes(32) }, 3, original)).toBeNull()
})
