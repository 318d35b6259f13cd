import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cborBytes, cborInt, cborMap } from '#e2e/support/cbor.ts'
import {
  type AssertionOddities,
  createPasskey,
  getAssertion,
  type RegistrationOddities,
} from '#e2e/support/software-authenticator.ts'
import { isProblem } from '#server/kit/problem.ts'
import { creationOptions, requestOptions } from './ceremony-options.ts'
import { readAssertion, type StoredPasskey, verifyAssertion } from './verify-assertion.ts'
import { type VerifiedPasskey, verifyRegistration } from './verify-registration.ts'

const app = 'android:apk-key-hash:o0Fu39yqrsxeWSucqge7eOzG8xrsRAn0nKbTtN_x2-A'
const rp = { id: 'keys.example', name: 'Keys', origins: ['https://keys.example', app] }
const [origin] = rp.origins as [string]
const generic = 'Authentication failed with passkey. Please try again.'

type Options = Parameters<typeof createPasskey>[0]

function register(odd: RegistrationOddities = {}, at = origin) {
  const challenge = randomBytes(32)
  const names = { name: 'me', displayName: 'Me', platform: 'IOS' as const }
  const options = creationOptions(rp, { challenge, userId: randomBytes(16), ...names }) as unknown as Options
  const { passkey, credential } = createPasskey(options, { origin: at, ...odd })
  return { passkey, credential, verified: () => verifyRegistration(credential, { rp, challenge }) }
}

async function registered(odd: RegistrationOddities = {}) {
  const { passkey, verified } = register(odd)
  return { passkey, stored: await verified() }
}

async function assert(odd: AssertionOddities = {}, change: Partial<VerifiedPasskey> = {}, at = origin) {
  const { passkey, stored } = await registered()
  const challenge = randomBytes(32)
  const credential = getAssertion(requestOptions(rp, challenge), passkey, { origin: at, ...odd })
  return verify(credential, { ...stored, ...change }, challenge)
}

async function verify(credential: unknown, stored: StoredPasskey, challenge: Buffer) {
  return verifyAssertion(readAssertion(credential), stored, { rp, challenge })
}

function offCurve(): Buffer {
  const members = [cborInt(2), cborInt(-7), cborInt(1), cborBytes(Buffer.alloc(32)), cborBytes(Buffer.alloc(32))]
  return cborMap([1, 3, -1, -2, -3].map((label, place) => [cborInt(label), members[place] as Buffer]))
}

const failed = (message = generic) => ({ code: 'webauthn.failed', message })

describe('making a passkey', () => {
  test.each(['ES256', 'RS256'] as const)('with %s', async (algorithm) => {
    const { passkey, stored } = await registered({ algorithm })
    expect(stored).toMatchObject({ algorithm, counter: 0, backupEligible: true, backedUp: true })
    expect(stored.credentialId).toBe(passkey.credentialId.toString('base64url'))
  })

  test.each(['base64url', 'base64url-padded', 'base64', 'base64-bare', 'integers'] as const)(
    'with binary members as %s',
    async (spelling) => {
      await expect(registered({ spelling })).resolves.toBeTruthy()
    },
  )

  test('by an app with a known key hash, and with a statement that agrees with itself', async () => {
    await expect(register({}, app).verified()).resolves.toBeTruthy()
    await expect(registered({ format: 'packed' })).resolves.toBeTruthy()
    await expect(registered({ format: 'packed', algorithm: 'RS256' })).resolves.toBeTruthy()
  })

  test.each<[string, RegistrationOddities, string?]>([
    [
      'another ceremony',
      { type: 'webauthn.get' },
      'The JSON from the client did not indicate webauthn.create correctly',
    ],
    ['another challenge', { challenge: randomBytes(32).toString('base64url') }],
    [
      'another page',
      { origin: 'https://evil.example' },
      'The clients relying party origin does not match our servers information',
    ],
    [
      'a subdomain',
      { origin: 'https://a.keys.example' },
      'The clients relying party origin does not match our servers information',
    ],
    [
      'another port',
      { origin: 'https://keys.example:8443' },
      'The clients relying party origin does not match our servers information',
    ],
    ['a frame of another page', { crossOrigin: true }],
    [
      'another relying party',
      { rpId: 'evil.example' },
      'The clients relying party id hash does not match the hash of our relying party id',
    ],
    ['nobody there', { flags: { up: false } }, 'The user present bit is not set, and required'],
    ['nobody verified', { flags: { uv: false } }, 'The user verified bit is not set, and required by policy'],
    ['backed up but not eligible', { flags: { be: false, bs: true } }],
    ['a broken statement', { format: 'packed-broken' }],
    ['SafetyNet', { format: 'android-safetynet' }],
    ['a format nobody knows', { format: 'made-up' }],
    ['another algorithm', { coseAlgorithm: -8 }],
    ['a key that is on no curve', { coseKey: offCurve() }],
    ['a credential id that is too long', { credentialId: randomBytes(1024) }],
    ['client data that is no JSON', { clientDataJSON: Buffer.from('{') }],
    ['an attestation object that is no CBOR', { attestationObject: Buffer.from('ff', 'hex') }],
  ])('%s is refused', async (_what, odd, message) => {
    await expect(register(odd).verified()).rejects.toMatchObject(failed(message))
  })

  test('PRF results are refused before anything else, PRF being there is not', async () => {
    const results = { prf: { enabled: true, results: null } }
    await expect(registered({ extensionResults: results, type: 'x' })).rejects.toMatchObject({
      code: 'webauthn.prf_results',
    })
    await expect(registered({ extensionResults: { prf: { enabled: true } } })).resolves.toBeTruthy()
  })
})

describe('using a passkey', () => {
  test('gives its counter and backup state', async () => {
    await expect(assert({ counter: 7 })).resolves.toEqual({ counter: 7, backedUp: true })
    await expect(assert({ flags: { bs: false }, counter: 0 })).resolves.toEqual({ counter: 0, backedUp: false })
  })

  test('with RS256, and with binary members as lists of integers', async () => {
    const { passkey, stored } = await registered({ algorithm: 'RS256' })
    const challenge = randomBytes(32)
    const credential = getAssertion(requestOptions(rp, challenge), passkey, { origin, spelling: 'integers' })
    await expect(verify(credential, stored, challenge)).resolves.toBeTruthy()
  })

  test.each<[string, AssertionOddities, string?, Partial<VerifiedPasskey>?]>([
    [
      'another ceremony',
      { type: 'webauthn.create' },
      'The JSON from the client did not indicate webauthn.get correctly',
    ],
    ['another challenge', { challenge: 'AAAA' }],
    [
      'another page',
      { origin: 'https://evil.example' },
      'The clients relying party origin does not match our servers information',
    ],
    [
      'another relying party',
      { rpId: 'evil.example' },
      'The clients relying party id hash does not match the hash of our relying party id',
    ],
    ['nobody there', { flags: { up: false } }, 'The user present bit is not set, and required'],
    ['nobody verified', { flags: { uv: false } }, 'The user verified bit is not set, and required by policy'],
    ['eligibility that changed', { flags: { be: false, bs: false } }],
    ['a signature by another key', { signature: Buffer.from('3006020101020101', 'hex') }, 'Authentication has failed'],
    ['a signature that is no DER', { signature: Buffer.from('nonsense') }, 'Authentication has failed'],
    ['a counter that stands still', { counter: 5 }, generic, { counter: 5 }],
    ['a counter that was left out', { counter: 0 }, generic, { counter: 5 }],
    ['no user handle', { userHandle: null }],
    ['a user handle of another length', { userHandle: randomBytes(15) }],
    ['another credential', { credentialId: randomBytes(20) }, 'The credential requested could not be found'],
  ])('%s is refused', async (_what, odd, message, change) => {
    await expect(assert(odd, change)).rejects.toMatchObject(failed(message))
  })

  test('PRF results are refused before anything else', () => {
    const credential = { clientExtensionResults: { prf: { results: { first: 'x' } } } }
    expect(() => readAssertion(credential)).toThrowError(expect.objectContaining({ code: 'webauthn.prf_results' }))
  })

  test('with extension outputs, and with client data of an old browser', async () => {
    const extensionData = Buffer.from('a16b6372656450726f7465637403', 'hex')
    await expect(registered({ extensionData })).resolves.toBeTruthy()
    await expect(assert({ extensionData })).resolves.toBeTruthy()
    await expect(assert({ clientData: { tokenBinding: { status: 'not-supported' } } })).resolves.toBeTruthy()
  })

  test('by the same page in other letters', async () => {
    await expect(assert({ origin: 'https://KEYS.example:443' })).resolves.toBeTruthy()
    await expect(assert({ origin: app.toUpperCase() })).rejects.toMatchObject({ code: 'webauthn.failed' })
  })

  test('a stamp needs no user handle', async () => {
    const { passkey } = await registered()
    const credential = getAssertion(requestOptions(rp, randomBytes(32)), passkey, { origin, userHandle: null })
    expect(readAssertion(credential, { userHandle: 'optional' }).credentialId).toBe(credential.id)
  })
})

describe('garbage', () => {
  const ours = (error: unknown) => isProblem(error) && error.code.startsWith('webauthn.')

  test('any JSON is refused in our words', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const refused = await verifyRegistration(value, { rp, challenge: randomBytes(32) }).catch((error) => error)
        expect(ours(refused)).toBe(true)
        expect(() => readAssertion(value)).toThrow()
      }),
    )
  })

  test('an attestation object that was bent anywhere is taken or refused in our words', async () => {
    const whole = Buffer.from(String(register().credential.response.attestationObject), 'base64url')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, value, length) => {
        const attestationObject = Buffer.from(whole.subarray(0, Math.max(length, at + 1)))
        attestationObject[at] = value
        const result = await register({ attestationObject })
          .verified()
          .catch((error) => error)
        expect(isProblem(result) ? ours(result) : 'credentialId' in result).toBe(true)
      }),
    )
  })

  test('an assertion with any member replaced is refused in our words', async () => {
    const { passkey, stored } = await registered()
    const challenge = randomBytes(32)
    const good = getAssertion(requestOptions(rp, challenge), passkey, { origin })
    const member = fc.constantFrom('authenticatorData', 'clientDataJSON', 'signature')
    const value = fc.oneof(
      fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
    )
    await fc.assert(
      fc.asyncProperty(member, value, async (name, bytes) => {
        const bent = { ...good, response: { ...good.response, [name]: bytes.toString('base64url') } }
        const refused = await Promise.resolve()
          .then(() => verify(bent, stored, challenge))
          .catch((error) => error)
        expect(ours(refused)).toBe(true)
      }),
    )
  })

  test.each([
    ['lists in lists', Buffer.alloc(1_000_000, 0x81)],
    ['tags on tags', Buffer.alloc(1_000_000, 0xc1)],
    ['a list that says it has no end', Buffer.from('9bffffffffffffffff', 'hex')],
    ['bytes that say they have no end', Buffer.from('5bffffffffffffffff', 'hex')],
  ])('an attestation object of %s is refused', async (_what, attestationObject) => {
    await expect(register({ attestationObject }).verified()).rejects.toMatchObject(failed())
    const extensionData = attestationObject.subarray(0, 60_000)
    await expect(registered({ extensionData })).rejects.toMatchObject(failed())
  })
})
