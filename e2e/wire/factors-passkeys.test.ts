import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, createPayload, draft, factorsAt, type Metadata, ok, startFactors } from '#e2e/support/factors.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import {
  android,
  badCeremony,
  ceremonyFault,
  createByPasskey,
  makePasskey,
  passkeyPayload,
  prfResults,
  provePasskey,
  tryToCreate,
} from '#e2e/support/factors-passkeys.ts'
import type { TestServer } from '#e2e/support/server.ts'
import type {
  AssertionOddities,
  CredentialJson,
  Passkey,
  RegistrationOddities,
  Spelling,
} from '#e2e/support/software-authenticator.ts'

const spellings: Spelling[] = ['base64url', 'base64url-padded', 'base64', 'base64-bare', 'integers']

describe('making a backup by passkey (factor-backup §3.4)', () => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const verify = async (passkey: Passkey, odd: AssertionOddities = {}) =>
    api.send('verify-factor', await provePasskey(api, 'verify-factor', passkey, odd))

  test.each(['ES256', 'RS256'] as const)('an %s passkey creates, retrieves and verifies', async (algorithm) => {
    const one = await createByPasskey(api, { algorithm })
    expect(one.metadata.factors).toEqual([
      {
        id: expect.any(String),
        createdAt: expect.any(Number),
        kind: {
          kind: 'PASSKEY',
          credentialId: one.passkey.credentialId.toString('base64url'),
          registration: one.credential,
          label: 'my phone',
        },
      },
    ])
    const retrieved = ok(await api.send('retrieve/from-challenge', await provePasskey(api, 'retrieve', one.passkey)))
    expect(retrieved).toMatchObject({ backup: one.bytes.toString('base64'), metadata: one.metadata })
    expect(await verify(one.passkey)).toEqual([200, { backupId: one.id }])
    expect(await api.status(one.id)).toEqual([
      200,
      { backupId: one.id, factors: [{ kind: 'PASSKEY', accountKind: null }] },
    ])
  })

  test.each(spellings)('binary members may be spelled as %s', async (spelling) => {
    const one = await createByPasskey(api, { spelling })
    const [factor] = one.metadata.factors
    expect(factor?.kind).toMatchObject({
      credentialId: one.passkey.credentialId.toString('base64url'),
      registration: one.credential,
    })
    expect((await verify(one.passkey, { spelling }))[0]).toBe(200)
  })

  test('the registration is kept verbatim, whatever else is in it; a label may be absent but not null', async () => {
    const extra = {
      ...JSON.parse('{"__proto__":{"polluted":true}}'),
      strange: [1, { 'é😀': null, nested: [[]] }],
      '': '',
      id: 'anything',
      type: 'not looked at',
    }
    const { one, credential, answer } = await tryToCreate(api, {}, (made) => ({ ...made, ...extra }))
    const kept = (ok(answer).backupMetadata as Metadata).factors[0]?.kind.registration
    expect(kept).toEqual({ ...credential, ...extra })
    expect(((await api.metadata(one.sync))[1] as Metadata).factors[0]?.kind.registration).toEqual(kept)

    for (const label of [undefined, null, '', 'Ω'.repeat(300)]) {
      const again = draft()
      const { credential: made, challengeToken } = await makePasskey(api)
      const payload = await passkeyPayload(api, again, made, challengeToken)
      const [status, body] = await api.sendForm(
        'create',
        { ...payload, authorization: { kind: 'PASSKEY', credential: made, label } },
        again.bytes,
      )
      if (label === null) expect([status, body]).toEqual(refusal('invalid_payload'))
      else expect((ok([status, body]).backupMetadata as Metadata).factors[0]?.kind.label).toBe(label ?? '')
    }
  })

  describe('registering', () => {
    const honest: Array<[name: string, odd: RegistrationOddities]> = [
      ['from an Android app', { origin: android }],
      ['with a packed statement of its own', { format: 'packed' }],
      ['with a packed statement by RSA', { format: 'packed', algorithm: 'RS256' }],
      ['that is not backed up', { flags: { bs: false } }],
      ['that is bound to its device', { flags: { be: false, bs: false } }],
      ['with transports nobody knows', { transports: ['internal', 'carrier-pigeon'] }],
      ['with a counter', { counter: 7 }],
      ['that could do PRF', { extensionResults: { prf: { enabled: true } } }],
    ]
    test.each(honest)('takes one %s', async (_name, odd) => {
      expect((await tryToCreate(api, odd)).answer[0]).toBe(200)
    })

    const refused: Array<[name: string, odd: RegistrationOddities, message?: string]> = [
      ['of another type', { type: 'webauthn.get' }, ceremonyFault.type('create')],
      ['of another challenge', { challenge: randomBytes(32).toString('base64url') }],
      ['from elsewhere', { origin: 'https://evil.example' }, ceremonyFault.origin],
      ['from a subdomain', { origin: 'https://x.keys.world.app' }, ceremonyFault.origin],
      ['from another port', { origin: 'https://keys.world.app:8443' }, ceremonyFault.origin],
      ['from plain http', { origin: 'http://keys.world.app' }, ceremonyFault.origin],
      ['from another app', { origin: android.replace('nSrX', 'nSrY') }, ceremonyFault.origin],
      ['from within a frame', { crossOrigin: true }],
      ['for another relying party', { rpId: 'evil.example' }, ceremonyFault.rpId],
      ['nobody touched', { flags: { up: false } }, ceremonyFault.present],
      ['nobody unlocked', { flags: { uv: false } }, ceremonyFault.verified],
      ['backed up but not eligible', { flags: { be: false, bs: true } }],
      ['with a SafetyNet statement', { format: 'android-safetynet' }],
      ['with a statement nobody knows', { format: 'made-up' }],
      ['with a broken statement', { format: 'packed-broken' }],
      ['of another algorithm', { coseAlgorithm: -8 }],
      ['whose client data is no JSON', { clientDataJSON: Buffer.from('hello') }],
      ['whose attestation is no CBOR', { attestationObject: randomBytes(50) }],
      ['whose attestation is empty', { attestationObject: Buffer.alloc(0) }],
      ['whose key is no key', { coseKey: Buffer.from('a0', 'hex') }],
    ]
    test.each(refused)('refuses one %s', async (_name, odd, message) => {
      const { one, answer } = await tryToCreate(api, odd)
      expect(answer).toEqual(badCeremony(message))
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
    })

    test.each<[name: string, alter: (one: CredentialJson) => unknown]>([
      ['nothing', () => null],
      ['a list', () => []],
      ['a word', () => 'credential'],
      ['an empty object', () => ({})],
      ['no response', (one) => ({ ...one, response: undefined })],
      ['no raw id', (one) => ({ ...one, rawId: undefined })],
      ['bytes that are none', (one) => ({ ...one, rawId: '!!!' })],
      ['integers that are no bytes', (one) => ({ ...one, rawId: [1, 2, 300] })],
      ['no client data', (one) => ({ ...one, response: { ...one.response, clientDataJSON: null } })],
      ['an assertion', (one) => ({ ...one, response: { clientDataJSON: 'AA', authenticatorData: 'AA' } })],
    ])('calls %s an invalid payload', async (_name, alter) => {
      expect((await tryToCreate(api, {}, alter)).answer).toEqual(refusal('webauthn_invalid_payload'))
    })

    test('refuses PRF results: they are key material, and what is kept is handed out again (§10.9)', async () => {
      for (const extensionResults of [prfResults, { prf: { results: null } }])
        expect((await tryToCreate(api, { extensionResults })).answer).toEqual(
          refusal('webauthn_prf_results_not_allowed'),
        )
    })

    test('refuses a credential id that is registered', async () => {
      const { passkey } = await createByPasskey(api)
      expect((await tryToCreate(api, { credentialId: passkey.credentialId })).answer).toEqual(
        refusal('factor_already_exists'),
      )
    })

    test('wants a challenge for passkeys, made for creating, once', async () => {
      const { credential, challengeToken } = await makePasskey(api)
      const one = draft()
      const send = async (token: string) =>
        api.sendForm('create', await passkeyPayload(api, one, credential, token), one.bytes)
      expect(await send((await api.challenge('create')).token)).toEqual(refusal('unexpected_challenge_type'))
      const other = ok(await api.send('retrieve/challenge/passkey', {})) as { token: string }
      expect(await send(other.token)).toEqual(refusal('invalid_challenge_context'))
      expect((await send(challengeToken))[0]).toBe(200)
      expect(await send(challengeToken)).toEqual(refusal('already_used'))
      const byKey = { ...(await createPayload(api, draft())), challengeToken: other.token }
      expect(await api.sendForm('create', byKey, one.bytes)).toEqual(refusal('unexpected_challenge_type'))
    })
  })
})
