import { createHash, randomBytes } from 'node:crypto'
import { assert, json, jsonValue, property, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AssertionOddities,
  createPasskey,
  type Passkey,
  stampActivity,
} from '#e2e/support/software-authenticator.ts'
import { isProblem } from '#server/kit/problem.ts'
import { readAssertion, type StoredPasskey } from '#server/webauthn/verify-assertion.ts'
import { verifyRegistration } from '#server/webauthn/verify-registration.ts'
import { verifyTurnkeyActivity } from './verify-turnkey-activity.ts'

const rp = { id: 'home.example', name: 'Home', origins: ['https://home.example'] }
const origin = 'https://home.example'
const now = Date.now()
const challenge = randomBytes(32).toString('base64')
const { passkey, stored } = await register('ES256')

test('a passkey that allowed the activity allows what is in it', () => {
  expect(verifyStamp()).toEqual({ challenge, counter: passkey.counter, backedUp: true })
})

test('an activity without a challenge of ours is fine in itself', () => {
  for (const metadata of [undefined, null, {}, 'text', { challenge: 1 }, []])
    expect(verifyStamp({ activity: activityOf({ metadata }) })).toMatchObject({ challenge: null })
})

test('a backup with a Turnkey key takes activities of that organisation alone', () => {
  expect(verifyStamp({ organization: 'org-1' })).toMatchObject({ challenge })
  expect(refusalOf({ organization: 'org-2' })).toBe('organizationId does not match expected Turnkey account ID')
})

test('five minutes are let pass either way, and no more (factor-backup §10.1)', () => {
  const at = (offset: number) => ({ activity: activityOf({ timestampMs: String(now + offset) }) })
  expect(verifyStamp(at(-5 * 60_000))).toMatchObject({ challenge })
  expect(verifyStamp(at(5 * 60_000))).toMatchObject({ challenge })
  expect(refusalOf(at(-5 * 60_000 - 1))).toBe('Activity has expired based on TTL')
  expect(refusalOf(at(5 * 60_000 + 1))).toBe('Activity has expired based on TTL')
})

test.each([
  ['no organisation', { organizationId: undefined }, 'Missing organizationId field in activity JSON'],
  ['an organisation that is no text', { organizationId: 1 }, 'Missing organizationId field in activity JSON'],
  ['no type', { type: undefined }, 'Missing type field in activity JSON'],
  ['another type', { type: 'ACTIVITY_TYPE_DELETE_USERS' }, 'Activity type does not match expected type'],
  ['no time', { timestampMs: undefined }, 'Missing timestampMs field in activity JSON'],
  ['a time that is a number', { timestampMs: now }, 'Missing timestampMs field in activity JSON'],
  ['a time that is no number', { timestampMs: '1e12' }, 'Invalid timestamp format in activity JSON'],
  ['an empty time', { timestampMs: '' }, 'Invalid timestamp format in activity JSON'],
  ['another type, before its time', { type: 'x', timestampMs: '0' }, 'Activity type does not match expected type'],
])('an activity with %s is refused', (_, change, message) => {
  expect(refusalOf({ activity: activityOf(change) })).toBe(message)
})

test('an activity that is no JSON object is refused', () => {
  expect(refusalOf({ activity: '{' })).toBe('Failed to parse activity JSON')
  expect(refusalOf({ activity: '' })).toBe('Failed to parse activity JSON')
  expect(refusalOf({ activity: '[]' })).toBe('Missing organizationId field in activity JSON')
})

const mismatch = 'Mismatch between challenge in the assertion and the hash of activity JSON'
const undecodable = 'Failed to decode assertion components'

test.each<[string, AssertionOddities, string]>([
  ['over something else', { challenge: randomBytes(32).toString('base64url') }, mismatch],
  ['over the hash, encoded only once', { challenge: hashOf(activityOf()).toString('base64url') }, mismatch],
  ['over a challenge in base64 with padding', { challenge: `${stampChallenge()}==` }, undecodable],
  ['with client data that is no JSON', { clientDataJSON: Buffer.from('{') }, undecodable],
  ['with client data that holds no challenge', { clientDataJSON: Buffer.from('{"type":"webauthn.get"}') }, undecodable],
  ['with a signature that is no DER', { signature: randomBytes(64) }, 'Failed to convert signature format'],
  [
    'with a signature of something else',
    { signature: Buffer.from('3006020101020101', 'hex') },
    'Signature verification failed',
  ],
  [
    'on another page',
    { origin: 'https://evil.example' },
    'The clients relying party origin does not match our servers information',
  ],
  [
    'for another relying party',
    { rpId: 'evil.example' },
    'The clients relying party id hash does not match the hash of our relying party id',
  ],
  [
    'as a registration',
    { type: 'webauthn.create' },
    'The JSON from the client did not indicate webauthn.get correctly',
  ],
  ['with nobody there', { flags: { up: false } }, 'The user present bit is not set, and required'],
  ['by nobody known', { flags: { uv: false } }, 'The user verified bit is not set, and required by policy'],
  ['in somebody else’s frame', { crossOrigin: true }, 'Authentication failed with passkey. Please try again.'],
  [
    'by a passkey that cannot be backed up any more',
    { flags: { be: false, bs: false } },
    'Authentication failed with passkey. Please try again.',
  ],
])('a stamp %s is refused', (_, odd, message) => {
  expect(refusalOf({ odd })).toBe(message)
})

test('a copy of the passkey that is behind in counting is refused', () => {
  expect(refusalOf({ stored: { ...stored, counter: passkey.counter + 5 } })).toBe(
    'Authentication failed with passkey. Please try again.',
  )
})

test('one space more in the activity, and it is another', () => {
  const assertion = readAssertion(stampActivity(activityOf(), passkey, { origin, rpId: rp.id }))
  const activity = `${activityOf().slice(0, -1)} }`
  const stamp = { assertion, stored, activity, expectedOrganizationId: null, rp, now }
  expect(() => verifyTurnkeyActivity(stamp)).toThrow(mismatch)
})

test('a passkey with an RSA key cannot add factors', async () => {
  const rsa = await register('RS256')
  expect(refusalOf({ passkey: rsa.passkey, stored: rsa.stored })).toBe('Incorrect key type, expected P256 with ECDSA')
})

test('another passkey’s stamp is refused', async () => {
  const other = await register('ES256')
  expect(refusalOf({ passkey: other.passkey })).toBe('Signature verification failed')
})

test('whatever activity or client data comes, nothing but the one code', () => {
  assert(
    property(json(), (activity) => {
      expect(refusalOf({ activity })).not.toBeNull()
    }),
  )
  assert(
    property(jsonValue(), jsonValue(), (one, other) => {
      const activity = activityOf({ organizationId: one, timestampMs: other })
      expect(refusalOf({ activity })).not.toBeNull()
    }),
  )
  assert(
    property(uint8Array(), uint8Array({ maxLength: 80 }), (bytes, signature) => {
      const odd = { clientDataJSON: Buffer.from(bytes), signature: Buffer.from(signature) }
      expect(refusalOf({ odd })).toBe(undecodable)
      expect(refusalOf({ odd: { signature: Buffer.from(signature) } })).not.toBeNull()
    }),
  )
})

type Attempt = {
  activity?: string
  odd?: AssertionOddities
  organization?: string
  passkey?: Passkey
  stored?: StoredPasskey
}

function verifyStamp(attempt: Attempt = {}) {
  const { activity = activityOf(), odd = {}, organization = null } = attempt
  const credential = stampActivity(activity, attempt.passkey ?? passkey, { origin, rpId: rp.id, ...odd })
  return verifyTurnkeyActivity({
    assertion: readAssertion(credential),
    stored: attempt.stored ?? stored,
    activity,
    expectedOrganizationId: organization,
    rp,
    now,
  })
}

function refusalOf(attempt: Attempt): string | null {
  try {
    verifyStamp(attempt)
    return null
  } catch (error) {
    if (isProblem(error) && error.code === 'factors.turnkey_activity_error') return error.message
    throw error
  }
}

function activityOf(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    type: 'ACTIVITY_TYPE_CREATE_API_KEYS_V2',
    organizationId: 'org-1',
    timestampMs: String(now),
    parameters: {},
    metadata: { challenge },
    ...change,
  })
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function stampChallenge(): string {
  return Buffer.from(hashOf(activityOf()).toString('hex')).toString('base64url')
}

/** A passkey as the server keeps it after a real registration. */
async function register(algorithm: 'ES256' | 'RS256'): Promise<{ passkey: Passkey; stored: StoredPasskey }> {
  const bytes = randomBytes(32)
  const user = { id: randomBytes(16).toString('base64url') }
  const options = { publicKey: { rp: { id: rp.id }, user, challenge: bytes.toString('base64url') } }
  const { passkey, credential } = createPasskey(options, { origin, algorithm })
  return { passkey, stored: await verifyRegistration(credential, { rp, challenge: bytes }) }
}
