import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, factorsAt, type Metadata, ok, startFactors } from '#e2e/support/factors.ts'
import { addMainFactor } from '#e2e/support/factors-additive.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import {
  android,
  badCeremony,
  ceremonyFault,
  createByPasskey,
  origin,
  prfResults,
  provePasskey,
} from '#e2e/support/factors-passkeys.ts'
import type { TestServer } from '#e2e/support/server.ts'
import {
  type AssertionOddities,
  type CredentialJson,
  createPasskey,
  getAssertion,
  type Passkey,
} from '#e2e/support/software-authenticator.ts'

describe('signing in by passkey (factor-backup §3.4)', () => {
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
  const altered = async (passkey: Passkey, alter: (credential: CredentialJson) => unknown) => {
    const { authorization, challengeToken } = await provePasskey(api, 'verify-factor', passkey)
    const credential = alter(authorization.credential as CredentialJson)
    return api.send('verify-factor', { authorization: { ...authorization, credential }, challengeToken })
  }

  const refused: Array<[name: string, odd: AssertionOddities, message?: string]> = [
    ['of another type', { type: 'webauthn.create' }, ceremonyFault.type('get')],
    ['of another challenge', { challenge: randomBytes(32).toString('base64url') }],
    ['from elsewhere', { origin: 'https://evil.example' }, ceremonyFault.origin],
    ['for another relying party', { rpId: 'evil.example' }, ceremonyFault.rpId],
    ['nobody touched', { flags: { up: false } }, ceremonyFault.present],
    ['nobody unlocked', { flags: { uv: false } }, ceremonyFault.verified],
    ['no longer eligible for backup', { flags: { be: false, bs: false } }],
    ['backed up but not eligible', { flags: { be: false, bs: true } }],
    ['with a bad signature', { signature: randomBytes(70) }, ceremonyFault.failed],
    ['whose client data is no JSON', { clientDataJSON: Buffer.from('[') }],
    ['without a user handle', { userHandle: null }],
    ['with a short user handle', { userHandle: randomBytes(15) }],
    ['with a long user handle', { userHandle: randomBytes(17) }],
  ]
  test.each(refused)('refuses an assertion %s, and leaves the passkey as it was', async (_name, odd, message) => {
    const { passkey } = await createByPasskey(api)
    expect(await verify(passkey, odd)).toEqual(badCeremony(message))
    expect((await verify(passkey))[0]).toBe(200)
  })

  test('any user handle of sixteen bytes will do, and any app that is listed', async () => {
    const { passkey } = await createByPasskey(api)
    expect((await verify(passkey, { userHandle: randomBytes(16) }))[0]).toBe(200)
    expect((await verify(passkey, { origin: android }))[0]).toBe(200)
    expect((await verify(passkey, { flags: { bs: false } }))[0]).toBe(200)
  })

  test('an unknown passkey is untraceable, which is said before its signature is looked at', async () => {
    const { passkey } = await createByPasskey(api)
    expect(await verify({ ...passkey, credentialId: randomBytes(20) }, { signature: Buffer.from('x') })).toEqual(
      refusal('backup_untraceable'),
    )
  })

  test('a missing user handle is said before an unknown passkey, PRF results before all', async () => {
    const { passkey } = await createByPasskey(api)
    const stranger = { ...passkey, credentialId: randomBytes(20) }
    expect(await verify(stranger, { userHandle: null })).toEqual(badCeremony())
    for (const extensionResults of [prfResults, { prf: { results: null } }, { prf: { results: {} } }])
      expect(await verify(stranger, { extensionResults, userHandle: null })).toEqual(
        refusal('webauthn_prf_results_not_allowed'),
      )
    expect(await altered(passkey, () => ({ clientExtensionResults: prfResults }))).toEqual(
      refusal('webauthn_prf_results_not_allowed'),
    )
    expect((await verify(passkey, { extensionResults: { prf: { enabled: true } } }))[0]).toBe(200)
  })

  test.each<[name: string, alter: (one: CredentialJson) => unknown]>([
    ['nothing', () => null],
    ['an empty object', () => ({})],
    ['no signature', (one) => ({ ...one, response: { ...one.response, signature: undefined } })],
    ['bytes that are none', (one) => ({ ...one, response: { ...one.response, authenticatorData: '*' } })],
    ['no raw id', (one) => ({ ...one, rawId: null })],
  ])('calls %s an invalid payload', async (_name, alter) => {
    const { passkey } = await createByPasskey(api)
    expect(await altered(passkey, alter)).toEqual(refusal('webauthn_invalid_payload'))
  })

  test('the counter goes on from use to use, so that a clone is noticed (§10.9)', async () => {
    const { passkey } = await createByPasskey(api)
    expect((await verify(passkey, { counter: 5 }))[0]).toBe(200)
    for (const counter of [5, 4, 1, 0]) expect(await verify(passkey, { counter })).toEqual(badCeremony())
    expect((await verify(passkey, { counter: 6 }))[0]).toBe(200)
    const still = await createByPasskey(api)
    for (let n = 0; n < 2; n++) expect((await verify(still.passkey, { counter: 0 }))[0]).toBe(200)
  })

  test('of five copies of a passkey that answer at the same moment one gets in', async () => {
    const { passkey } = await createByPasskey(api)
    const odd = { counter: 9, keepCounter: true }
    const proofs = await Promise.all(Array.from({ length: 5 }, () => provePasskey(api, 'verify-factor', passkey, odd)))
    const answers = await Promise.all(proofs.map((proof) => api.send('verify-factor', proof)))
    expect(answers.map(([status]) => status).sort()).toEqual([200, 400, 400, 400, 400])
    for (const answer of answers.filter(([status]) => status === 400)) expect(answer).toEqual(badCeremony())
  })

  test('five failed assertions burn the challenge', async () => {
    const { passkey } = await createByPasskey(api)
    const { challenge, token } = ok(await api.send('verify-factor/challenge/passkey', {})) as {
      challenge: Parameters<typeof getAssertion>[0]
      token: string
    }
    const tryOnce = (odd: AssertionOddities) =>
      api.send('verify-factor', {
        authorization: { kind: 'PASSKEY', credential: getAssertion(challenge, passkey, { origin, ...odd }) },
        challengeToken: token,
      })
    for (let n = 0; n < 5; n++)
      expect(await tryOnce({ signature: randomBytes(70) })).toEqual(badCeremony(ceremonyFault.failed))
    expect((await tryOnce({}))[0]).toBe(400)
    expect((await verify(passkey))[0]).toBe(200)
  })

  test('a second passkey is added by the first, and either opens the backup (additive; §10.3)', async () => {
    const one = await createByPasskey(api)
    let second: Passkey | undefined
    const added = await addMainFactor(api, {
      existing: {
        kind: 'PASSKEY',
        prove: (options) => ({ kind: 'PASSKEY', credential: getAssertion(options, one.passkey, { origin }) }),
      },
      fresh: {
        kind: 'PASSKEY',
        prove(options) {
          const { passkey, credential } = createPasskey(options, { origin })
          second = passkey
          return { kind: 'PASSKEY', credential, label: 'tablet' }
        },
      },
    })
    expect((ok(added).backupMetadata as Metadata).factors.map(({ kind }) => kind.label)).toEqual(['my phone', 'tablet'])
    for (const passkey of [one.passkey, second as Passkey])
      expect(await verify(passkey)).toEqual([200, { backupId: one.id }])
  })
})
