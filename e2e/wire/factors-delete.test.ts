import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Api,
  createBackup,
  factorsAt,
  hashes,
  joinAsSyncDevice,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { accountKey, ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

const gone = [200, { backupDeleted: true, backupMetadata: null }]
const idOf = (factors: Metadata['factors'], n = 0) => factors[n]?.id ?? ''

describe.each(['/v1', ''] as const)('deleting under %j (factor-backup §4.10–§4.12)', (prefix) => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url, prefix)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const metadataOf = async (sync: ReturnType<typeof ecKey>) => ok(await api.metadata(sync)) as unknown as Metadata

  describe('a factor', () => {
    test('one sync factor removes another, which is then unknown', async () => {
      const one = await createBackup(api)
      const phone = await joinAsSyncDevice(api, one.main)
      const before = await metadataOf(phone)
      expect(await api.deleteFactor(phone, idOf(before.syncFactors), 'SYNC')).toEqual([
        200,
        { backupDeleted: false, backupMetadata: { ...before, syncFactors: before.syncFactors.slice(1) } },
      ])
      expect(await api.metadata(one.sync)).toEqual(refusal('backup_untraceable'))
      expect((await createBackup(api, { sync: one.sync })).metadata.syncFactors).toHaveLength(1)
    })

    test('a sync factor may remove itself, and the last one may go; the backup stays', async () => {
      const one = await createBackup(api)
      expect(await api.deleteFactor(one.sync, idOf(one.metadata.syncFactors), 'SYNC')).toEqual([
        200,
        { backupDeleted: false, backupMetadata: { ...one.metadata, syncFactors: [] } },
      ])
      expect(ok(await api.retrieve(one.main)).metadata).toEqual({ ...one.metadata, syncFactors: [] })
      const phone = await joinAsSyncDevice(api, one.main)
      expect((await api.sync(phone, hashes(one.manifestHash), one.bytes))[0]).toBe(200)
    })

    test('the last main factor takes the whole backup with it, whatever is said of keys', async () => {
      for (const key of [undefined, { kind: 'PRF', encryptedKey: 'another' }, 'own'] as const) {
        const one = await createBackup(api)
        const phone = await joinAsSyncDevice(api, one.main)
        const encryptionKey = key === 'own' ? one.encryptionKey : key
        expect(await api.deleteFactor(phone, idOf(one.metadata.factors), 'MAIN', encryptionKey)).toEqual(gone)
        expect(await api.status(one.id)).toEqual(refusal('not_found'))
        expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
        for (const sync of [one.sync, phone]) expect(await api.metadata(sync)).toEqual(refusal('backup_untraceable'))
        const again = await createBackup(api, { account: one.account, main: one.main, sync: phone })
        expect(again.metadata.id).toBe(one.id)
      }
    })

    test('an id of the other scope, of another backup or of nobody is not found, and nothing changes', async () => {
      const [one, other] = [await createBackup(api), await createBackup(api)]
      const [main, sync] = [idOf(one.metadata.factors), idOf(one.metadata.syncFactors)]
      const wrong: Array<[id: string, scope: 'MAIN' | 'SYNC']> = [
        [sync, 'MAIN'],
        [main, 'SYNC'],
        [idOf(other.metadata.factors), 'MAIN'],
        [idOf(other.metadata.syncFactors), 'SYNC'],
        [randomUUID(), 'MAIN'],
        ['', 'MAIN'],
        ['../..', 'SYNC'],
        [main.toUpperCase(), 'MAIN'],
        [one.main.publicKey, 'MAIN'],
      ]
      for (const [id, scope] of wrong)
        expect([id, await api.deleteFactor(one.sync, id, scope)]).toEqual([id, refusal('factor_not_found')])
      expect(await metadataOf(one.sync)).toEqual(one.metadata)
      expect(await metadataOf(other.sync)).toEqual(other.metadata)
    })

    test('a challenge for one factor deletes no other', async () => {
      const one = await createBackup(api)
      const phone = await joinAsSyncDevice(api, one.main)
      const proof = await api.prove('delete-factor', phone, { factorId: idOf(one.metadata.syncFactors) })
      const body = { ...proof, factorId: idOf(one.metadata.factors), scope: 'MAIN' }
      expect(await api.send('delete-factor', body)).toEqual(refusal('invalid_challenge_context'))
      expect(await api.status(one.id)).not.toEqual(refusal('not_found'))
    })

    test('an encryption key goes with main factors only, which is said before anybody is authenticated', async () => {
      const encryptionKey = { kind: 'PRF', encryptedKey: 'x' }
      const body = { authorization: ecKey().authorize('AAAA'), challengeToken: 'junk', factorId: 'x', encryptionKey }
      expect(await api.send('delete-factor', { ...body, scope: 'SYNC' })).toEqual(refusal('encryption_key_not_allowed'))
      expect(await api.send('delete-factor', { ...body, scope: 'MAIN' })).toEqual(refusal('jwt_error'))
      expect(await api.send('delete-factor', { ...body, encryptionKey: null, scope: 'SYNC' })).toEqual(
        refusal('jwt_error'),
      )
    })

    test('a main factor deletes nothing', async () => {
      const one = await createBackup(api)
      expect(await api.deleteFactor(one.main, idOf(one.metadata.factors), 'MAIN')).toEqual(
        refusal('backup_untraceable'),
      )
      for (const kind of ['PASSKEY', 'OIDC_ACCOUNT']) {
        const authorization =
          kind === 'PASSKEY'
            ? { kind, credential: {} }
            : { kind, oidcToken: { kind: 'GOOGLE', token: 'x' }, publicKey: '', signature: '' }
        const body = { authorization, challengeToken: 'junk', factorId: 'x', scope: 'MAIN' }
        expect(await api.send('delete-factor', body)).toEqual(refusal('invalid_authorization_type'))
      }
    })

    test.each([
      { scope: 'BOTH' },
      { scope: undefined },
      { scope: 'main' },
      { factorId: undefined },
      { encryptionKey: { kind: 'PRF' } },
    ])('%j is 422', async (over) => {
      const proof = await api.prove('delete-factor', ecKey(), { factorId: 'x' })
      expect(await api.send('delete-factor', { ...proof, factorId: 'x', scope: 'MAIN', ...over })).toEqual([
        422,
        envelope,
      ])
    })
  })

  describe('a backup by a sync factor', () => {
    test('is 204 with nothing in it, and then there is nothing', async () => {
      const one = await createBackup(api)
      const phone = await joinAsSyncDevice(api, one.main)
      const answer = await api.post('delete-backup', await api.prove('delete-backup', phone))
      expect([answer.status, await answer.text()]).toEqual([204, ''])
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
      expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
      expect(await api.metadata(one.sync)).toEqual(refusal('backup_untraceable'))
      expect(await api.deleteBackup(phone)).toEqual(refusal('backup_untraceable'))
      await createBackup(api, { account: one.account, main: one.main, sync: one.sync })
    })

    test('is refused to everybody else', async () => {
      const one = await createBackup(api)
      for (const key of [one.main, ecKey()]) expect(await api.deleteBackup(key)).toEqual(refusal('backup_untraceable'))
      for (const authorization of [
        { kind: 'PASSKEY', credential: {} },
        { kind: 'OIDC_ACCOUNT', oidcToken: { kind: 'GOOGLE', token: 'x' }, publicKey: '', signature: '' },
      ])
        expect(await api.send('delete-backup', { authorization, challengeToken: 'junk' })).toEqual(
          refusal('invalid_authorization_type'),
        )
      expect(await metadataOf(one.sync)).toEqual(one.metadata)
    })
  })

  describe('a backup by its account key (reset)', () => {
    const begin = async () => {
      const one = await createBackup(api)
      const challenge = await api.challenge('reset', { backupAccountId: one.id })
      const reset = (signature: string, over: Record<string, unknown> = {}) =>
        api.send('reset', { backupAccountId: one.id, signature, challengeToken: challenge.token, ...over })
      return { one, challenge: challenge.challenge, reset }
    }

    test('is 204 with nothing in it, and then there is nothing', async () => {
      const { one, challenge, reset } = await begin()
      expect(await reset(one.account.sign(challenge))).toEqual([204, ''])
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
      expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
      expect(await api.metadata(one.sync)).toEqual(refusal('backup_untraceable'))
      await createBackup(api, { account: one.account, main: one.main, sync: one.sync })
      expect(await reset(one.account.sign(challenge))).toEqual(refusal('already_used'))
      expect(await api.status(one.id)).not.toEqual(refusal('not_found'))
    })

    test('wants a signature of the challenge with a low S, by that key, over secp256k1', async () => {
      const { one, challenge, reset } = await begin()
      const failed = refusal('signature_verification_error', 'Signature verification failed.')
      const fresh = async (signature: (challenge: string) => string) => {
        const { challenge: text, token } = await api.challenge('reset', { backupAccountId: one.id })
        return reset(signature(text), { challengeToken: token })
      }
      expect(await fresh((text) => one.account.signHigh(text))).toEqual(failed)
      expect(await fresh((text) => accountKey().sign(text))).toEqual(failed)
      expect(await fresh((text) => one.main.sign(text))).toEqual(failed)
      expect(await fresh((text) => one.account.sign(Buffer.from(text).toString('base64')))).toEqual(failed)
      const unreadable = 'Signature must be valid base64.'
      expect(await fresh(() => 'no base64!')).toEqual(refusal('invalid_signature', unreadable))
      const noDer = 'Failed to parse signature as DER format.'
      for (const signature of ['', 'AAAA', Buffer.alloc(64, 7).toString('base64')])
        expect(await fresh(() => signature)).toEqual(refusal('invalid_signature', noDer))
      expect(await reset(one.account.sign(challenge))).toEqual([204, ''])
    })

    test('looks at the token first, then at the id, then at the signature', async () => {
      const { one, reset } = await begin()
      expect(await reset('!', { challengeToken: 'junk' })).toEqual(refusal('jwt_error'))
      const passkey = (await api.send('retrieve/challenge/passkey', {}))[1] as { token: string }
      expect(await reset('!', { challengeToken: passkey.token })).toEqual(refusal('unexpected_challenge_type'))
      const mismatch = refusal(
        'invalid_challenge_context',
        'Challenge token was not created for reset operation or backup_account_id mismatch.',
      )
      for (const { token } of [
        await api.challenge('delete-backup'),
        await api.challenge('reset', { backupAccountId: accountKey().id }),
      ])
        expect(await reset('!', { challengeToken: token })).toEqual(mismatch)
      expect(await api.status(one.id)).not.toEqual(refusal('not_found'))
    })

    test('an id that is no point of the curve cannot be reset', async () => {
      for (const hex of [`05${'ab'.repeat(32)}`, '00'.repeat(33), `02${'ff'.repeat(32)}`]) {
        const one = await createBackup(api, { id: `backup_account_${hex}` })
        const { challenge, token } = await api.challenge('reset', { backupAccountId: one.id })
        const body = { backupAccountId: one.id, signature: one.account.sign(challenge), challengeToken: token }
        const [status, answer] = await api.send('reset', body)
        expect([status, (answer as { error: unknown }).error]).toEqual([
          400,
          {
            code: 'invalid_backup_account_id',
            message: expect.stringMatching(
              /^Failed to (parse compressed public key|create verifying key) from backup_account_id\.$/,
            ),
          },
        ])
        await api.deleteBackup(one.sync)
      }
    })

    test('a backup that is not there is 404, after a right signature alone, and burns no token', async () => {
      const account = accountKey()
      const { challenge, token } = await api.challenge('reset', { backupAccountId: account.id })
      const reset = (signature: string) =>
        api.send('reset', { backupAccountId: account.id, signature, challengeToken: token })
      expect(await reset(accountKey().sign(challenge))).toEqual(
        refusal('signature_verification_error', 'Signature verification failed.'),
      )
      expect(await reset(account.sign(challenge))).toEqual(refusal('not_found'))
      const one = await createBackup(api, { account })
      expect(await reset(account.sign(challenge))).toEqual([204, ''])
      expect(await api.metadata(one.sync)).toEqual(refusal('backup_untraceable'))
    })

    test.each([{ backupAccountId: 'x' }, { backupAccountId: undefined }, { signature: null }, { challengeToken: 7 }])(
      '%j is 422',
      async (over) => {
        const { one, challenge, reset } = await begin()
        expect(await reset(one.account.sign(challenge), over)).toEqual([422, envelope])
      },
    )

    test('is nothing that a factor’s own P-256 key can do, even when the id is its point (regression 0.9.0)', async () => {
      const key = ecKey()
      const point = Buffer.from(key.publicKey, 'base64')
      const parity = (point[64] ?? 0) & 1 ? '03' : '02'
      const id = `backup_account_${parity}${point.subarray(1, 33).toString('hex')}`
      const one = await createBackup(api, { id })
      const { challenge, token } = await api.challenge('reset', { backupAccountId: one.id })
      const [status] = await api.send('reset', {
        backupAccountId: one.id,
        signature: key.sign(challenge),
        challengeToken: token,
      })
      expect(status).toBe(400)
      expect(await metadataOf(one.sync)).toEqual(one.metadata)
    })
  })

  test('a signature of something else deletes nothing', async () => {
    const one = await createBackup(api)
    const { token } = await api.challenge('delete-backup')
    const body = { authorization: one.sync.authorize('AAAA'), challengeToken: token }
    expect(await api.send('delete-backup', body)).toEqual(badSignature('Signature verification failed'))
    expect(await metadataOf(one.sync)).toEqual(one.metadata)
  })
})
