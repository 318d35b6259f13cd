import { expect, test } from 'vitest'
import { creationOptions, requestOptions } from './ceremony-options.ts'

const rp = { id: 'keys.example', name: 'Keys', origins: [] }
const challenge = Buffer.alloc(32, 1)
const base = { challenge, userId: Buffer.alloc(16, 2), name: 'me', displayName: 'Me' }
const common = {
  rp: { name: 'Keys', id: 'keys.example' },
  user: { id: 'AgICAgICAgICAgICAgICAg', name: 'me', displayName: 'Me' },
  challenge: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE',
  pubKeyCredParams: [
    { type: 'public-key', alg: -7 },
    { type: 'public-key', alg: -257 },
  ],
  timeout: 300_000,
  attestation: 'none',
}

test('an iPhone gets exactly what the contract has (factor-backup §3.4)', () => {
  expect(creationOptions(rp, { ...base, platform: 'IOS' })).toStrictEqual({
    publicKey: {
      ...common,
      authenticatorSelection: { residentKey: 'discouraged', requireResidentKey: false, userVerification: 'required' },
      extensions: {
        credentialProtectionPolicy: 'userVerificationRequired',
        enforceCredentialProtectionPolicy: false,
        uvm: true,
        credProps: true,
      },
    },
  })
})

test('an Android phone gets exactly what the contract has (factor-backup §3.4)', () => {
  expect(creationOptions(rp, { ...base, platform: 'ANDROID' })).toStrictEqual({
    publicKey: {
      ...common,
      authenticatorSelection: {
        authenticatorAttachment: 'platform',
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: 'required',
      },
      hints: ['client-device'],
      extensions: { uvm: true, credProps: true },
    },
  })
})

test('nobody is named when a passkey is used', () => {
  expect(requestOptions(rp, challenge)).toStrictEqual({
    publicKey: {
      challenge: common.challenge,
      timeout: 300_000,
      rpId: 'keys.example',
      allowCredentials: [],
      userVerification: 'required',
      extensions: { uvm: true },
    },
    mediation: 'conditional',
  })
})

test.each([{ name: '' }, { displayName: '' }])('an empty name is refused: %j', (empty) => {
  const words = { code: 'webauthn.failed', message: 'Invalid User Name supplied for registration' }
  expect(() => creationOptions(rp, { ...base, platform: 'IOS', ...empty })).toThrow(expect.objectContaining(words))
})
