import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Api,
  type Backup,
  createBackup,
  type EncryptionKey,
  factorsAt,
  joinAsSyncDevice,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { additionBody, addMainFactor, mainFactorChallenges, type Prover } from '#e2e/support/factors-additive.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { type EcKey, ecKey } from '#e2e/support/factors-keys.ts'
import { account, authorize, createByOidc, oidcEnv, type Session, signIn } from '#e2e/support/factors-oidc.ts'
import { type OidcIssuer, startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import type { TestServer } from '#e2e/support/server.ts'

const byKey = (key: EcKey): Prover => ({ kind: 'EC_KEYPAIR', prove: (challenge) => key.authorize(challenge) })
const bySession = (session: Session): Prover => ({
  kind: 'OIDC_ACCOUNT',
  prove: (challenge) => authorize(session, challenge),
})
const turnkeyKey: EncryptionKey = {
  kind: 'TURNKEY',
  encryptedKey: 'opaque',
  turnkeyAccountId: 'a',
  turnkeyUserId: 'u',
  turnkeyPrivateKeyId: 'k',
}

/** Passkeys on both sides are in factors-assertions.test.ts. */
describe('adding a main factor of any kind (additive; factor-backup §10.3)', () => {
  let google: OidcIssuer
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    google = await startOidcIssuer()
    server = await startFactors({ env: oidcEnv({ google }) })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await google?.[Symbol.asyncDispose]()
  })

  const metadataOf = async (one: Backup) => ok(await api.metadata(one.sync)) as unknown as Metadata
  const newSession = () => signIn(account('GOOGLE', google))

  test.each(['/v1', ''] as const)(
    'a key pair adds a key pair under %j, which then does all a main factor does',
    async (prefix) => {
      const spelled = factorsAt(server.url, prefix)
      const one = await createBackup(spelled)
      const paper = ecKey()
      const [status, body] = await addMainFactor(spelled, { existing: byKey(one.main), fresh: byKey(paper) })
      expect([status, body]).toEqual([
        200,
        {
          factorId: expect.any(String),
          backupMetadata: {
            ...one.metadata,
            factors: [
              ...one.metadata.factors,
              {
                id: (body as { factorId: string }).factorId,
                createdAt: expect.any(Number),
                kind: { kind: 'EC_KEYPAIR', publicKey: paper.publicKey },
              },
            ],
          },
        },
      ])
      expect(ok(await spelled.retrieve(paper)).backup).toBe(one.bytes.toString('base64'))
      expect((await spelled.metadata(await joinAsSyncDevice(spelled, paper)))[0]).toBe(200)
      expect((ok(await spelled.status(one.id)).factors as unknown[]).length).toBe(2)
      expect((await addMainFactor(spelled, { existing: byKey(paper), fresh: byKey(ecKey()) }))[0]).toBe(200)
    },
  )

  test('a key pair adds an OIDC account and the other way round, each with a key of its kind', async () => {
    const one = await createBackup(api)
    const session = await newSession()
    const added = await addMainFactor(api, {
      existing: byKey(one.main),
      fresh: bySession(session),
      encryptedBackupKey: turnkeyKey,
      turnkeyProviderId: 'provider',
    })
    expect((ok(added).backupMetadata as Metadata).keys).toEqual([one.encryptionKey, turnkeyKey])
    const mine = account('GOOGLE', google)
    const other = await createByOidc(api, mine)
    const key = ecKey()
    const again = await addMainFactor(api, { existing: bySession(await signIn(mine)), fresh: byKey(key) })
    expect((ok(again).backupMetadata as Metadata).factors.map(({ kind }) => kind.kind)).toEqual([
      'OIDC_ACCOUNT',
      'EC_KEYPAIR',
    ])
    expect(ok(await api.verify(key)).backupId).toBe(other.id)
  })

  test('one key a kind: a second is refused and nothing is added, unless it shall replace the first', async () => {
    const one = await createBackup(api)
    const encryptedBackupKey = { kind: 'ICLOUD', encryptedKey: 'for both' }
    const fresh = ecKey()
    const addition = { existing: byKey(one.main), fresh: byKey(fresh), encryptedBackupKey }
    for (let n = 0; n < 2; n++)
      expect(await addMainFactor(api, addition)).toEqual(refusal('only_one_encryption_key_per_type_allowed'))
    expect(await metadataOf(one)).toEqual(one.metadata)
    const { backupMetadata } = ok(await addMainFactor(api, { ...addition, replaceEncryptionKey: true }))
    expect((backupMetadata as Metadata).keys).toEqual([encryptedBackupKey])
  })

  test('ten main factors at most; one too many costs the key nothing', async () => {
    const one = await createBackup(api)
    for (let n = 1; n < 10; n++)
      expect((await addMainFactor(api, { existing: byKey(one.main), fresh: byKey(ecKey()) }))[0]).toBe(200)
    const late = ecKey()
    for (let n = 0; n < 2; n++)
      expect(await addMainFactor(api, { existing: byKey(one.main), fresh: byKey(late) })).toEqual(
        refusal('too_many_factors'),
      )
    const { factors } = await metadataOf(one)
    expect(factors).toHaveLength(10)
    expect((await api.deleteFactor(one.sync, factors[4]?.id ?? '', 'MAIN'))[0]).toBe(200)
    expect((await addMainFactor(api, { existing: byKey(one.main), fresh: byKey(late) }))[0]).toBe(200)
  })

  test('a factor that is there already, as main or as sync, is refused', async () => {
    const [one, other] = [await createBackup(api), await createBackup(api)]
    for (const taken of [one.main, one.sync, other.main])
      expect(await addMainFactor(api, { existing: byKey(one.main), fresh: byKey(taken) })).toEqual(
        refusal('factor_already_exists'),
      )
    expect((await addMainFactor(api, { existing: byKey(one.main), fresh: byKey(other.sync) }))[0]).toBe(200)
    expect(await metadataOf(other)).toEqual(other.metadata)
  })

  test('only a main factor may, and both sides must prove themselves', async () => {
    const one = await createBackup(api)
    for (const stranger of [one.sync, ecKey()])
      expect(await addMainFactor(api, { existing: byKey(stranger), fresh: byKey(ecKey()) })).toEqual(
        refusal('backup_untraceable'),
      )
    const body = await additionBody(api, { existing: byKey(one.main), fresh: byKey(ecKey()) })
    const failed = badSignature('Signature verification failed')
    for (const side of ['existingFactorAuthorization', 'newFactorAuthorization'] as const) {
      const own = await additionBody(api, { existing: byKey(one.main), fresh: byKey(ecKey()) })
      const forged = { ...(own[side] as object), signature: one.main.sign('AAAA') }
      expect(await api.send('add-main-factor', { ...own, [side]: forged })).toEqual(failed)
    }
    expect(await metadataOf(one)).toEqual(one.metadata)
    expect((await api.send('add-main-factor', body))[0]).toBe(200)
    expect(await api.send('add-main-factor', body)).toEqual(refusal('already_used'))
  })

  test('the two challenges belong together, and to this route', async () => {
    const one = await createBackup(api)
    const fresh = ecKey()
    const first = await additionBody(api, { existing: byKey(one.main), fresh: byKey(fresh) })
    const second = await additionBody(api, { existing: byKey(one.main), fresh: byKey(fresh) })
    const mixed = {
      ...first,
      newFactorAuthorization: second.newFactorAuthorization,
      newFactorChallengeToken: second.newFactorChallengeToken,
    }
    expect(await api.send('add-main-factor', mixed)).toEqual(refusal('invalid_challenge_context'))
    const borrowed = await api.prove('retrieve', one.main)
    const other = {
      ...second,
      existingFactorAuthorization: borrowed.authorization,
      existingFactorChallengeToken: borrowed.challengeToken,
    }
    expect(await api.send('add-main-factor', other)).toEqual(refusal('invalid_challenge_context'))
    const { existingFactorChallenge, existingFactorToken } = await mainFactorChallenges(
      api,
      byKey(one.main),
      byKey(fresh),
    )
    const proof = { authorization: one.main.authorize(existingFactorChallenge), challengeToken: existingFactorToken }
    expect(await api.send('retrieve/from-challenge', proof)).toEqual(refusal('invalid_challenge_context'))
    expect(await metadataOf(one)).toEqual(one.metadata)
  })

  test('other shapes are 422', async () => {
    for (const body of [{}, { existingKind: 'EC_KEYPAIR' }, { existingKind: 'EC_KEYPAIR', newKind: 'SMS' }])
      expect(await api.send('add-main-factor/challenge', body)).toEqual([422, envelope])
    expect(await api.send('add-main-factor', { existingFactorAuthorization: {} })).toEqual([422, envelope])
  })
})

describe('removing a main factor and its key (factor-backup §4.10)', () => {
  let google: OidcIssuer
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    google = await startOidcIssuer()
    server = await startFactors({ env: oidcEnv({ google }) })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await google?.[Symbol.asyncDispose]()
  })

  /** A backup with a key pair and an OIDC account, and a key for each. */
  async function twoFactors() {
    const one = await createBackup(api)
    const added = await addMainFactor(api, {
      existing: byKey(one.main),
      fresh: bySession(await signIn(account('GOOGLE', google))),
      encryptedBackupKey: turnkeyKey,
      turnkeyProviderId: 'provider',
    })
    const { factorId, backupMetadata } = ok(added) as { factorId: string; backupMetadata: Metadata }
    return { one, metadata: backupMetadata, ec: backupMetadata.factors[0]?.id ?? '', oidc: factorId }
  }

  test('takes the key with it when it is named in full', async () => {
    const { one, metadata, oidc } = await twoFactors()
    for (const over of [{ encryptedKey: 'other' }, { turnkeyUserId: 'other' }])
      expect(await api.deleteFactor(one.sync, oidc, 'MAIN', { ...turnkeyKey, ...over })).toEqual(
        refusal('encryption_key_not_found'),
      )
    expect(await api.deleteFactor(one.sync, oidc, 'MAIN', { kind: 'PRF', encryptedKey: 'x' })).toEqual(
      refusal('encryption_key_not_found'),
    )
    expect(ok(await api.metadata(one.sync))).toEqual(metadata)
    expect(await api.deleteFactor(one.sync, oidc, 'MAIN', turnkeyKey)).toEqual([
      200,
      {
        backupDeleted: false,
        backupMetadata: { ...metadata, factors: [metadata.factors[0]], keys: [one.encryptionKey] },
      },
    ])
  })

  test('keeps the key when it is not named', async () => {
    const { one, metadata, oidc } = await twoFactors()
    const { backupMetadata } = ok(await api.deleteFactor(one.sync, oidc, 'MAIN'))
    expect(backupMetadata).toEqual({ ...metadata, factors: [metadata.factors[0]] })
  })

  test('never takes the key that another factor needs (regression 0.7.6)', async () => {
    const { one, metadata, ec, oidc } = await twoFactors()
    expect(await api.deleteFactor(one.sync, oidc, 'MAIN', one.encryptionKey)).toEqual(
      refusal('factor_orphaned_from_encryption_key'),
    )
    expect(await api.deleteFactor(one.sync, ec, 'MAIN', turnkeyKey)).toEqual(
      refusal('factor_orphaned_from_encryption_key'),
    )
    expect(ok(await api.metadata(one.sync))).toEqual(metadata)
    expect((await api.deleteFactor(one.sync, ec, 'MAIN', one.encryptionKey))[0]).toBe(200)
    expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
  })
})
