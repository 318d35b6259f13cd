import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { shiftClock, type WallClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { type Api, createBackup, factorsAt, hashes, type Metadata, ok, startFactors } from '#e2e/support/factors.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

describe('opening a backup and joining it (factor-backup §4.4–§4.6)', () => {
  let clock: WallClock
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    clock = wallClock()
    server = await startFactors({ preload: [shiftClock], env: clock.env })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    clock?.[Symbol.dispose]()
  })

  const tokenOf = async (main: ReturnType<typeof ecKey>) => String(ok(await api.retrieve(main)).syncFactorToken)

  test.each(['/v1', ''] as const)(
    'a main factor under %j gets the backup, its metadata and a token',
    async (prefix) => {
      const spelled = factorsAt(server.url, prefix)
      const one = await createBackup(spelled, { bytes: randomBytes(100_001) })
      const [status, body] = await spelled.retrieve(one.main)
      expect([status, body]).toEqual([
        200,
        {
          backup: one.bytes.toString('base64'),
          metadata: one.metadata,
          syncFactorToken: expect.stringMatching(/^[\w-]{43}$/),
        },
      ])
      expect(await spelled.verify(one.main)).toEqual([200, { backupId: one.id }])
    },
  )

  test('each retrieve gives another token', async () => {
    const { main } = await createBackup(api)
    expect(await tokenOf(main)).not.toBe(await tokenOf(main))
  })

  test('what was synced last is what comes', async () => {
    const one = await createBackup(api)
    const next = hashes(one.manifestHash)
    ok(await api.sync(one.sync, next, Buffer.from('newer')))
    const { backup, metadata } = ok(await api.retrieve(one.main))
    expect([backup, metadata]).toEqual([
      Buffer.from('newer').toString('base64'),
      { ...one.metadata, manifestHash: next.newManifestHash },
    ])
  })

  test('a sync factor, or a stranger, is not a main factor', async () => {
    const { sync } = await createBackup(api)
    for (const key of [sync, ecKey()]) {
      expect(await api.retrieve(key)).toEqual(refusal('backup_untraceable'))
      expect(await api.verify(key)).toEqual(refusal('backup_untraceable'))
    }
  })

  test('a challenge to verify does not retrieve, nor the other way round', async () => {
    const { main } = await createBackup(api)
    expect(await api.send('retrieve/from-challenge', await api.prove('verify-factor', main))).toEqual(
      refusal('invalid_challenge_context'),
    )
    expect(await api.send('verify-factor', await api.prove('retrieve', main))).toEqual(
      refusal('invalid_challenge_context'),
    )
  })

  test('client-version and client-name may say anything', async () => {
    const { main } = await createBackup(api)
    for (const version of ['1.2.3 (iOS)', 'x'.repeat(4_000), '\xe9']) {
      const headers = { 'client-version': version, 'client-name': version }
      const proof = await api.prove('verify-factor', main)
      expect((await api.send('verify-factor', proof, headers))[0]).toBe(200)
    }
  })

  test.each([
    ['retrieve/from-challenge', {}],
    ['retrieve/from-challenge', { authorization: { kind: 'EC_KEYPAIR' }, challengeToken: 'x' }],
    ['verify-factor', { authorization: { kind: 'NEW', publicKey: '', signature: '' }, challengeToken: 'x' }],
    ['verify-factor', { authorization: { kind: 'EC_KEYPAIR', publicKey: '', signature: '' } }],
    ['verify-factor', { authorization: { kind: 'PASSKEY' }, challengeToken: 'x' }],
    ['retrieve-metadata', { authorization: { kind: 'PASSKEY', label: 'x' }, challengeToken: 'x' }],
    ['verify-factor', { authorization: { kind: 'PASSKEY', credential: {}, label: null }, challengeToken: 'x' }],
    ['add-sync-factor', { challengeToken: 'x', syncFactorToken: 'x' }],
    ['add-sync-factor', { challengeToken: 'x', syncFactor: { kind: 'EC_KEYPAIR', publicKey: 'x', signature: 'x' } }],
  ])('%s with %j is 422', async (path, body) => {
    expect(await api.send(path, body)).toEqual([422, envelope])
  })

  describe('a new sync factor', () => {
    test.each(['/v1', ''] as const)('joins under %j, and can do what sync factors do', async (prefix) => {
      const spelled = factorsAt(server.url, prefix)
      const one = await createBackup(spelled)
      const phone = ecKey()
      expect(await spelled.addSyncFactor(await tokenOf(one.main), phone)).toEqual([200, { backupId: one.id }])
      const { syncFactors } = ok(await spelled.metadata(phone)) as unknown as Metadata
      expect(syncFactors.map(({ kind }) => kind.publicKey)).toEqual([one.sync.publicKey, phone.publicKey])
      expect((await spelled.sync(phone, hashes(one.manifestHash), randomBytes(9)))[0]).toBe(200)
      expect(await spelled.retrieve(phone)).toEqual(refusal('backup_untraceable'))
    })

    test('is an EC key pair, which is asked first', async () => {
      const answer = api.send('add-sync-factor', {
        challengeToken: 'junk',
        syncFactorToken: 'junk',
        syncFactor: { kind: 'PASSKEY', credential: {} },
      })
      expect(await answer).toEqual(refusal('invalid_sync_factor_type'))
    })

    test('signs its challenge before the token counts', async () => {
      const { main } = await createBackup(api)
      const token = await tokenOf(main)
      const key = ecKey()
      const { authorization, challengeToken } = await api.prove('add-sync-factor', key)
      const forged = { ...authorization, signature: key.sign('AAAA') }
      expect(await api.send('add-sync-factor', { challengeToken, syncFactor: forged, syncFactorToken: 'x' })).toEqual(
        badSignature('Signature verification failed'),
      )
      expect((await api.addSyncFactor(token, key))[0]).toBe(200)
    })

    test('needs a token that exists; the challenge is burnt before that is known', async () => {
      const { main } = await createBackup(api)
      const key = ecKey()
      const { authorization, challengeToken } = await api.prove('add-sync-factor', key)
      const join = (syncFactorToken: string) =>
        api.send('add-sync-factor', { challengeToken, syncFactor: authorization, syncFactorToken })
      expect(await join(randomBytes(32).toString('base64url'))).toEqual(refusal('token_not_found'))
      expect(await join(await tokenOf(main))).toEqual(refusal('already_used'))
      for (const odd of ['', 'x'.repeat(50_000), '\u0000', '../..'])
        expect(await api.addSyncFactor(odd, ecKey())).toEqual(refusal('token_not_found'))
    })

    test('needs a token of its own', async () => {
      const { main } = await createBackup(api)
      const token = await tokenOf(main)
      expect((await api.addSyncFactor(token, ecKey()))[0]).toBe(200)
      expect(await api.addSyncFactor(token, ecKey())).toEqual(refusal('already_used'))
      for (const spelled of [
        `${token}=`,
        token.slice(0, -1),
        token.toLowerCase() === token ? `x${token}` : token.toLowerCase(),
      ])
        expect(await api.addSyncFactor(spelled, ecKey())).toEqual(refusal('token_not_found'))
    })

    test('needs a token of the last fifteen minutes', async () => {
      const { main } = await createBackup(api)
      const token = await tokenOf(main)
      clock.shift(15 * 60_000 + 2_000)
      await new Promise((resolve) => setTimeout(resolve, 30))
      const late = await api.addSyncFactor(token, ecKey())
      clock.shift(0)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(late).toEqual(refusal('token_not_found'))
    })

    test('that is a sync factor of any backup already is refused, and the token stays good (§10.7)', async () => {
      const one = await createBackup(api)
      const other = await createBackup(api)
      const token = await tokenOf(one.main)
      for (const taken of [one.sync, other.sync])
        expect(await api.addSyncFactor(token, taken)).toEqual(refusal('factor_already_exists'))
      expect((await api.addSyncFactor(token, ecKey()))[0]).toBe(200)
    })

    test('that is a main factor of this backup is refused, leaves no trace, and the token stays good', async () => {
      const one = await createBackup(api)
      const token = await tokenOf(one.main)
      for (let n = 0; n < 2; n++)
        expect(await api.addSyncFactor(token, one.main)).toEqual(refusal('factor_already_exists'))
      expect(await api.metadata(one.main)).toEqual(refusal('backup_untraceable'))
      expect((await api.addSyncFactor(token, ecKey()))[0]).toBe(200)
      const other = await createBackup(api)
      expect((await api.addSyncFactor(await tokenOf(other.main), one.main))[0]).toBe(200)
    })

    test('for a backup that is gone is refused', async () => {
      const one = await createBackup(api)
      const token = await tokenOf(one.main)
      const key = ecKey()
      expect((await api.deleteBackup(one.sync))[0]).toBe(204)
      expect(await api.addSyncFactor(token, key)).toEqual(refusal('backup_not_found'))
      expect(await api.metadata(key)).toEqual(refusal('backup_untraceable'))
      expect((await createBackup(api, { sync: key })).metadata.syncFactors).toHaveLength(1)
    })
  })

  test('a retrieve by GET, or with a body of another kind, changes nothing', async () => {
    const { main } = await createBackup(api)
    const proof = await api.prove('retrieve', main)
    const query = new URLSearchParams({ challengeToken: proof.challengeToken })
    expect((await said(fetch(`${api.at('retrieve/from-challenge')}?${query}`)))[0]).toBe(405)
    expect((await api.send('retrieve/from-challenge', proof))[0]).toBe(200)
  })
})
