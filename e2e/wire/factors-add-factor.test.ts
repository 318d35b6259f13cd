import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Api,
  createBackup,
  type EncryptionKey,
  factorsAt,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { account, createByOidc, oidcEnv, proveSession, signIn } from '#e2e/support/factors-oidc.ts'
import { createByPasskey, type PasskeyBackup, prfResults } from '#e2e/support/factors-passkeys.ts'
import { type AddFactorBody, activityOf, addFactorBody, announce } from '#e2e/support/factors-turnkey.ts'
import { type OidcIssuer, startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import type { TestServer } from '#e2e/support/server.ts'
import type { AssertionOddities } from '#e2e/support/software-authenticator.ts'

const minute = 60_000
const turnkeyKey: EncryptionKey = {
  kind: 'TURNKEY',
  encryptedKey: 'opaque',
  turnkeyAccountId: 'organization',
  turnkeyUserId: 'user',
  turnkeyPrivateKeyId: 'key',
}
const turnkey = (message: string) => refusal('turnkey_activity_error', message)

describe('adding an OIDC account by a passkey (factor-backup §4.7, §5.6)', () => {
  let google: OidcIssuer
  let server: TestServer
  let api: Api
  let one: PasskeyBackup
  beforeAll(async () => {
    google = await startOidcIssuer()
    server = await startFactors({ env: oidcEnv({ google }) })
    api = factorsAt(server.url)
    one = await createByPasskey(api)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await google?.[Symbol.asyncDispose]()
  })

  const newSession = () => signIn(account('GOOGLE', google))
  const body = async (odd?: Parameters<typeof addFactorBody>[3]) => addFactorBody(api, one, await newSession(), odd)
  const add = (fields: Record<string, unknown>) => api.send('add-factor', fields)

  test.each(['/v1', ''] as const)('under %j gives a factor that gets in, and its key', async (prefix) => {
    const spelled = factorsAt(server.url, prefix)
    const mine = await createByPasskey(spelled)
    const who = account('GOOGLE', google)
    const request = await addFactorBody(spelled, mine, await signIn(who), { encryptedBackupKey: turnkeyKey })
    const answer = await spelled.send('add-factor', request)
    const { factorId, backupMetadata } = ok(answer) as { factorId: string; backupMetadata: Metadata }
    expect(Object.keys(answer[1] as object).sort()).toEqual(['backupMetadata', 'factorId'])
    expect(backupMetadata).toEqual({
      ...mine.metadata,
      keys: [mine.encryptionKey, turnkeyKey],
      factors: [
        ...mine.metadata.factors,
        {
          id: factorId,
          createdAt: expect.any(Number),
          kind: {
            kind: 'OIDC_ACCOUNT',
            account: { kind: 'GOOGLE', maskedEmail: 'ex***@gmail.com' },
            turnkeyProviderId: 'provider',
          },
        },
      ],
    })
    const proof = await proveSession(spelled, 'retrieve', await signIn(who))
    expect(ok(await spelled.send('retrieve/from-challenge', proof)).backup).toBe(mine.bytes.toString('base64'))
  })

  test('uses both challenges up (§10.1)', async () => {
    // An authenticator that does not count, so that it is the challenge that stops the replay.
    const mine = await createByPasskey(api)
    const assertion = { counter: 0 }
    const used = await addFactorBody(api, mine, await newSession(), { assertion })
    expect((await add(used))[0]).toBe(200)
    expect(await add(used)).toEqual(refusal('already_used'))
    // With a sign-in and a challenge of its own for the new side, the old one is still used.
    const again = await addFactorBody(api, mine, await newSession(), { assertion })
    const { existingFactorAuthorization, existingFactorChallengeToken, existingFactorTurnkeyActivity } = used
    const old = { existingFactorAuthorization, existingFactorChallengeToken, existingFactorTurnkeyActivity }
    expect(await add({ ...again, ...old })).toEqual(refusal('oidc_token_mismatch'))
    expect((await add(again))[0]).toBe(200)
  })

  test('is allowed once by an authenticator that counts, whatever it is sent with (§10.1)', async () => {
    const used = await body()
    expect((await add(used))[0]).toBe(200)
    expect((await add(used))[0]).toBe(400)
  })

  test('goes by a passkey alone, whose activity comes along', async () => {
    const right = await body()
    const byKey = { kind: 'EC_KEYPAIR', publicKey: 'x', signature: 'x' }
    expect(await add({ ...right, existingFactorAuthorization: byKey })).toEqual(refusal('not_supported'))
    for (const existingFactorTurnkeyActivity of [undefined, null])
      expect(await add({ ...right, existingFactorTurnkeyActivity })).toEqual(refusal('missing_turnkey_activity'))
    expect((await add(right))[0]).toBe(200)
  })

  test('reads the credential before the activity, and looks the passkey up before that', async () => {
    const right = await body({ sent: () => 'no json' })
    const credential = (over: unknown) => ({ existingFactorAuthorization: { kind: 'PASSKEY', credential: over } })
    expect(await add({ ...right, ...credential({ clientExtensionResults: prfResults }) })).toEqual(
      refusal('webauthn_prf_results_not_allowed'),
    )
    expect(await add({ ...right, ...credential({}) })).toEqual(refusal('webauthn_invalid_payload'))
    const stranger = await body({ sent: () => 'no json', assertion: { credentialId: randomBytes(20) } })
    expect(await add(stranger)).toEqual(refusal('backup_untraceable'))
  })

  const stamps: Array<[name: string, odd: Parameters<typeof addFactorBody>[3], message: string]> = [
    [
      'an activity other than the one signed',
      { sent: (activity) => `${activity} ` },
      'Mismatch between challenge in the assertion and the hash of activity JSON',
    ],
    [
      'an assertion of something else',
      { assertion: { challenge: randomBytes(32).toString('base64url') } },
      'Mismatch between challenge in the assertion and the hash of activity JSON',
    ],
    ['a signature that is none', { assertion: { signature: randomBytes(70) } }, 'Failed to convert signature format'],
    ['no JSON', { activity: () => 'no json' }, 'Failed to parse activity JSON'],
    [
      'no organisation',
      { activity: (challenge) => activityOf(challenge, { organizationId: undefined }) },
      'Missing organizationId field in activity JSON',
    ],
    [
      'no type',
      { activity: (challenge) => activityOf(challenge, { type: undefined }) },
      'Missing type field in activity JSON',
    ],
    [
      'another type',
      { activity: (challenge) => activityOf(challenge, { type: 'ACTIVITY_TYPE_DELETE' }) },
      'Activity type does not match expected type',
    ],
    [
      'no time',
      { activity: (challenge) => activityOf(challenge, { timestampMs: undefined }) },
      'Missing timestampMs field in activity JSON',
    ],
    [
      'a time that is a number',
      { activity: (challenge) => activityOf(challenge, { timestampMs: Date.now() }) },
      'Missing timestampMs field in activity JSON',
    ],
    [
      'a time that is no number',
      { activity: (challenge) => activityOf(challenge, { timestampMs: 'noon' }) },
      'Invalid timestamp format in activity JSON',
    ],
    [
      'a time six minutes ago',
      { activity: (challenge) => activityOf(challenge, { timestampMs: String(Date.now() - 6 * minute) }) },
      'Activity has expired based on TTL',
    ],
    [
      'a time in the future (§10.1)',
      { activity: (challenge) => activityOf(challenge, { timestampMs: String(Date.now() + 30 * minute) }) },
      'Activity has expired based on TTL',
    ],
  ]
  test.each(stamps)('refuses %s', async (_name, odd, message) => {
    expect(await add(await body(odd))).toEqual(turnkey(message))
  })

  test('refuses a stamp by another key, and one by an RSA passkey', async () => {
    const thief = await createByPasskey(api)
    const session = await newSession()
    const forged = { ...one, passkey: { ...thief.passkey, credentialId: one.passkey.credentialId } }
    expect(await add(await addFactorBody(api, forged, session))).toEqual(turnkey('Signature verification failed'))
    const rsa = await createByPasskey(api, { algorithm: 'RS256' })
    expect(await add(await addFactorBody(api, rsa, session))).toEqual(
      turnkey('Incorrect key type, expected P256 with ECDSA'),
    )
  })

  const stolen: Array<[name: string, assertion: AssertionOddities]> = [
    ['from elsewhere', { origin: 'https://evil.example' }],
    ['for another relying party', { rpId: 'evil.example' }],
    ['of another type', { type: 'webauthn.create' }],
    ['nobody touched', { flags: { up: false } }],
    ['nobody unlocked', { flags: { uv: false } }],
  ]
  test.each(stolen)('refuses a stamp %s (§10.1)', async (_name, assertion) => {
    const [status, answer] = await add(await body({ assertion }))
    expect([status, answer]).toEqual([400, envelope])
    expect((answer as { error: { code: string } }).error.code).toMatch(/^(turnkey_activity_error|webauthn_error)$/)
  })

  test('wants the server’s challenge in the activity, and the token it came with', async () => {
    for (const metadata of [undefined, {}, { challenge: null }])
      expect(await add(await body({ activity: () => activityOf(undefined, { metadata }) }))).toEqual(
        refusal('invalid_turnkey_activity', 'Turnkey activity is missing server challenge'),
      )
    expect(await add(await body({ activity: () => activityOf(randomBytes(32).toString('base64')) }))).toEqual(
      refusal('invalid_challenge'),
    )
    const right = await body()
    expect(await add({ ...right, existingFactorChallengeToken: 'junk' })).toEqual(refusal('jwt_error'))
    expect(await add({ ...right, existingFactorChallengeToken: right.newFactorChallengeToken })).toEqual(
      refusal('unexpected_challenge_type'),
    )
    expect((await add(right))[0]).toBe(200)
  })

  test('wants the account that was announced, with a challenge of its own', async () => {
    const right = await body()
    const { newFactorAuthorization } = right
    const byKey = { kind: 'EC_KEYPAIR', publicKey: 'x', signature: 'x' }
    expect(await add({ ...right, newFactorAuthorization: byKey })).toEqual(
      refusal('invalid_new_factor_authorization_type'),
    )
    const oidcToken = { kind: 'GOOGLE', token: (await newSession()).token }
    const other: AddFactorBody['newFactorAuthorization'] = {
      ...newFactorAuthorization,
      oidcToken: { ...oidcToken, kind: 'GOOGLE' },
    }
    expect(await add({ ...right, newFactorAuthorization: other })).toEqual(refusal('oidc_token_mismatch'))
    for (const { token } of [await api.challenge('retrieve'), await api.challenge('create')])
      expect(await add({ ...right, newFactorChallengeToken: token })).toEqual(refusal('invalid_challenge_context'))
    expect(await add({ ...right, newFactorChallengeToken: right.existingFactorChallengeToken })).toEqual(
      refusal('unexpected_challenge_type'),
    )
    const forged = { ...newFactorAuthorization, signature: (await body()).newFactorAuthorization.signature }
    expect(await add({ ...right, newFactorAuthorization: forged })).toEqual(
      badSignature('Signature verification failed'),
    )
    for (const turnkeyProviderId of [undefined, null])
      expect(await add({ ...right, turnkeyProviderId })).toEqual(refusal('missing_turnkey_provider_id'))
    expect((await add(right))[0]).toBe(200)
  })

  test('refuses an account that is a factor already, a second key of a kind, and another organisation', async () => {
    const who = account('GOOGLE', google)
    await createByOidc(api, who)
    expect(await add(await addFactorBody(api, one, await signIn(who)))).toEqual(refusal('factor_already_exists'))

    const mine = await createByPasskey(api)
    const prf = { kind: 'PRF', encryptedKey: 'another' }
    const fresh = account('GOOGLE', google)
    expect(await add(await addFactorBody(api, mine, await signIn(fresh), { encryptedBackupKey: prf }))).toEqual(
      refusal('only_one_encryption_key_per_type_allowed'),
    )
    const taken = await addFactorBody(api, mine, await signIn(fresh), { encryptedBackupKey: turnkeyKey })
    expect((await add(taken))[0]).toBe(200)
    const elsewhere = await addFactorBody(api, mine, await newSession(), {
      activity: (challenge) => activityOf(challenge, { organizationId: 'another' }),
    })
    expect(await add(elsewhere)).toEqual(turnkey('organizationId does not match expected Turnkey account ID'))
  })

  test('ten main factors at most; one too many costs the account nothing', async () => {
    const mine = await createByPasskey(api)
    for (let n = 1; n < 10; n++) expect((await add(await addFactorBody(api, mine, await newSession())))[0]).toBe(200)
    const late = account('GOOGLE', google)
    for (let n = 0; n < 2; n++)
      expect(await add(await addFactorBody(api, mine, await signIn(late)))).toEqual(refusal('too_many_factors'))
    const { factors } = ok(await api.metadata(mine.sync)) as unknown as Metadata
    expect((await api.deleteFactor(mine.sync, factors[3]?.id ?? '', 'MAIN'))[0]).toBe(200)
    expect((await add(await addFactorBody(api, mine, await signIn(late))))[0]).toBe(200)
  })

  test('other shapes are 422; a challenge for it is none for another route', async () => {
    expect(await add({})).toEqual([422, envelope])
    expect(await add({ ...(await body()), existingFactorTurnkeyActivity: {} })).toEqual([422, envelope])
    const announced = await announce(api, 'x')
    const key = (await createBackup(api)).main
    const proof = {
      authorization: key.authorize(announced.newFactorChallenge),
      challengeToken: announced.newFactorToken,
    }
    expect(await api.send('verify-factor', proof)).toEqual(refusal('invalid_challenge_context'))
  })
})
