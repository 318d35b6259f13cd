import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Api,
  createBackup,
  createPayload,
  draft,
  factorsAt,
  freshHash,
  initialSync,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { badSignature, refusal } from '#e2e/support/factors-errors.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

const uuid4 = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)

describe('create (factor-backup §4.3)', () => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const create = (payload: unknown, bytes: Uint8Array = randomBytes(100)) => api.sendForm('create', payload, bytes)

  test.each(['/v1', ''] as const)('answers under %j with the id twice and the whole metadata', async (prefix) => {
    const spelled = factorsAt(server.url, prefix)
    const one = draft()
    const before = Math.floor(Date.now() / 1000)
    const [status, body] = await spelled.sendForm('create', await createPayload(spelled, one), one.bytes)
    const createdAt = expect.any(Number)
    const ofKey = (publicKey: string) => ({ id: uuid4, createdAt, kind: { kind: 'EC_KEYPAIR', publicKey } })
    expect([status, body]).toEqual([
      200,
      {
        backupId: one.id,
        backupMetadata: {
          id: one.id,
          keys: [one.encryptionKey],
          factors: [ofKey(one.main.publicKey)],
          syncFactors: [ofKey(one.sync.publicKey)],
          manifestHash: one.manifestHash,
        },
      },
    ])
    const { factors, syncFactors } = ok([status, body]).backupMetadata as Awaited<
      ReturnType<typeof createBackup>
    >['metadata']
    expect(factors[0]?.id).not.toBe(syncFactors[0]?.id)
    for (const { createdAt: at } of [...factors, ...syncFactors]) {
      expect(Number.isInteger(at)).toBe(true)
      expect(at).toBeGreaterThanOrEqual(before)
      expect(at).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000))
    }
    expect(ok(await api.retrieve(one.main)).backup).toBe(one.bytes.toString('base64'))
  })

  test('a manifest hash may have 0x before it and any letter case; it is kept in lower case (regression 0.8.5)', async () => {
    const hash = freshHash()
    for (const spelled of [`0x${hash}`, hash.toUpperCase(), `0x${hash.toUpperCase()}`]) {
      const one = await createBackup(api, { manifestHash: spelled })
      expect(one.metadata.manifestHash).toBe(hash)
    }
  })

  test.each([
    ['of random bytes', () => `backup_account_03${randomBytes(32).toString('hex')}`],
    [
      'of a P-256 point',
      () => `backup_account_02${Buffer.from(ecKey().publicKey, 'base64').subarray(1, 33).toString('hex')}`,
    ],
  ])('an id %s is as good as any', async (_name, id) => {
    const one = await createBackup(api, { id: id() })
    expect(one.metadata.id).toBe(one.id)
  })

  test('every kind of encryption key is kept as it came, whatever the factor is', async () => {
    const strange = `{"a":1}\n\u0000é😀${'x'.repeat(5_000)}`
    for (const encryptionKey of [
      { kind: 'PRF', encryptedKey: '' },
      { kind: 'ICLOUD', encryptedKey: strange },
      {
        kind: 'TURNKEY',
        encryptedKey: 'x',
        turnkeyAccountId: 'a',
        turnkeyUserId: 'u',
        turnkeyPrivateKeyId: randomUUID(),
      },
    ]) {
      const one = await createBackup(api, { encryptionKey })
      expect(one.metadata.keys).toEqual([encryptionKey])
      expect((ok(await api.metadata(one.sync)) as typeof one.metadata).keys).toEqual([encryptionKey])
    }
  })

  test('members that nobody asked for are ignored everywhere; null is as good as absent', async () => {
    const one = draft()
    const payload = await createPayload(api, one)
    const more = {
      ...payload,
      authorization: { ...(payload.authorization as object), label: 'x' },
      initialEncryptionKey: { ...one.encryptionKey, extra: 1 },
      turnkeyProviderId: null,
      nobody: { asked: true },
    }
    const { backupMetadata } = ok(await create(more, one.bytes))
    expect((backupMetadata as typeof one & { keys: unknown[] }).keys).toEqual([one.encryptionKey])
  })

  test('one key may be the main and the first sync factor of the same backup', async () => {
    const both = ecKey()
    const one = await createBackup(api, { main: both, sync: both })
    expect((await api.retrieve(both))[0]).toBe(200)
    expect((await api.metadata(both))[0]).toBe(200)
    expect(one.metadata.factors).toHaveLength(1)
  })

  test('one key may be the main factor of one backup and the sync factor of another', async () => {
    const first = await createBackup(api)
    const second = await createBackup(api, { main: first.sync, sync: first.main })
    expect(ok(await api.verify(first.sync))).toEqual({ backupId: second.id })
    expect((ok(await api.metadata(first.sync)) as { id: string }).id).toBe(first.id)
  })

  const wrong: Array<[name: string, over: (payload: Record<string, unknown>) => unknown]> = [
    ['is no object', () => 7],
    ['is null', () => null],
    ['is empty', () => ({})],
    ['lacks the authorization', (p) => ({ ...p, authorization: undefined })],
    ['has an unknown kind of authorization', (p) => ({ ...p, authorization: { kind: 'SMS' } })],
    ['has an authorization without a key', (p) => ({ ...p, authorization: { kind: 'EC_KEYPAIR', signature: 'x' } })],
    ['lacks the challenge token', (p) => ({ ...p, challengeToken: null })],
    ['lacks the encryption key', (p) => ({ ...p, initialEncryptionKey: undefined })],
    [
      'has an unknown kind of encryption key',
      (p) => ({ ...p, initialEncryptionKey: { kind: 'X', encryptedKey: 'x' } }),
    ],
    [
      'has an encryption key without all its strings',
      (p) => ({ ...p, initialEncryptionKey: { kind: 'TURNKEY', encryptedKey: 'x', turnkeyAccountId: 'a' } }),
    ],
    ['lacks the sync factor', (p) => ({ ...p, initialSyncFactor: undefined })],
    ['lacks the sync token', (p) => ({ ...p, initialSyncChallengeToken: undefined })],
    ['has a short manifest hash', (p) => ({ ...p, manifestHash: 'ab'.repeat(31) })],
    ['has a long manifest hash', (p) => ({ ...p, manifestHash: 'ab'.repeat(33) })],
    ['has a manifest hash that is no hex', (p) => ({ ...p, manifestHash: 'zz'.repeat(32) })],
    ['has two 0x', (p) => ({ ...p, manifestHash: `0x0x${'ab'.repeat(31)}` })],
    ['has an id without its prefix', (p) => ({ ...p, backupAccountId: `03${'ab'.repeat(32)}` })],
    ['has an id with the prefix twice', (p) => ({ ...p, backupAccountId: `backup_account_${p.backupAccountId}` })],
    ['has a short id', (p) => ({ ...p, backupAccountId: `backup_account_03${'ab'.repeat(31)}` })],
    ['has an id that is a path', (p) => ({ ...p, backupAccountId: 'backup_account_../../../etc/passwd' })],
    ['has an id with a newline', (p) => ({ ...p, backupAccountId: `${p.backupAccountId}\n` })],
  ]
  test.each(wrong)('a payload that %s is refused, and burns nothing', async (_name, over) => {
    const one = draft()
    const payload = await createPayload(api, one)
    expect(await create(over(payload), one.bytes)).toEqual(refusal('invalid_payload'))
    expect((await create(payload, one.bytes))[0]).toBe(200)
  })

  test('the main factor is looked at before the sync factor, the sync factor before the id', async () => {
    const taken = await createBackup(api)
    const one = draft()
    const payload = await createPayload(api, one)
    const broken = { kind: 'EC_KEYPAIR', publicKey: one.main.publicKey, signature: taken.main.sign('AAAA') }
    const badMain = { ...payload, authorization: broken, initialSyncFactor: broken, backupAccountId: taken.id }
    expect(await create(badMain)).toEqual(badSignature('Signature verification failed'))
    const otherKind = { kind: 'PASSKEY', credential: {} }
    expect(await create({ ...badMain, initialSyncFactor: otherKind })).toEqual(
      badSignature('Signature verification failed'),
    )
    const badSync = { ...payload, initialSyncFactor: broken, backupAccountId: taken.id }
    expect((await create(badSync))[1]).toEqual(badSignature('Signature verification failed')[1])
  })

  test.each([
    ['a passkey', { kind: 'PASSKEY', credential: {} }],
    [
      'an OIDC account',
      { kind: 'OIDC_ACCOUNT', oidcToken: { kind: 'GOOGLE', token: 'x' }, publicKey: '', signature: '' },
    ],
  ])('%s cannot be the sync factor, which is said before its token is looked at', async (_name, initialSyncFactor) => {
    const payload = { ...(await createPayload(api, draft())), initialSyncFactor, initialSyncChallengeToken: 'junk' }
    expect(await create(payload)).toEqual(refusal('invalid_sync_factor_type'))
  })

  test('an id that exists is 409, and what is there stays as it was', async () => {
    const first = await createBackup(api)
    const second = draft({ account: first.account })
    const payload = await createPayload(api, second)
    expect(await create(payload, second.bytes)).toEqual(refusal('backup_account_id_already_exists'))
    expect(await create(payload, second.bytes)).toEqual(refusal('already_used'))
    expect(ok(await api.retrieve(first.main)).backup).toBe(first.bytes.toString('base64'))
    expect((await api.retrieve(second.main))[1]).toEqual(refusal('backup_untraceable')[1])
    expect((await createBackup(api, { main: second.main, sync: second.sync })).metadata.factors).toHaveLength(1)
  })

  test('a main key that is the main factor of another backup is refused, a sync key likewise', async () => {
    const first = await createBackup(api)
    for (const over of [{ main: first.main }, { sync: first.sync }]) {
      const one = draft(over)
      expect(await create(await createPayload(api, one))).toEqual(refusal('factor_already_exists'))
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
    }
  })

  test('one token cannot serve both factors', async () => {
    const one = draft({ main: ecKey() })
    const payload = await createPayload(api, one)
    const { challenge, token } = await api.challenge('create')
    const shared = {
      ...payload,
      authorization: one.main.authorize(challenge),
      challengeToken: token,
      initialSyncFactor: one.sync.authorize(challenge),
      initialSyncChallengeToken: token,
    }
    expect(await create(shared)).toEqual(refusal('already_used'))
    expect(await api.status(one.id)).toEqual(refusal('not_found'))
  })

  test('a refused sync factor leaves the main token burnt, and no trace of the backup', async () => {
    const one = draft()
    const payload = await createPayload(api, one)
    const wrongSync = { ...payload, initialSyncChallengeToken: 'junk' }
    expect(await create(wrongSync)).toEqual(refusal('jwt_error'))
    expect(await create(payload)).toEqual(refusal('already_used'))
    const retry = { ...payload, ...(await api.prove('create', one.main)), ...(await initialSync(api, one.sync)) }
    expect((await create(retry))[0]).toBe(200)
  })
})
