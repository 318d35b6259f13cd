import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Api,
  createBackup,
  factorsAt,
  freshHash,
  hashes,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { badSignature, refusal } from '#e2e/support/factors-errors.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

describe('sync (factor-backup §4.8)', () => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test.each(['/v1', ''] as const)('replaces the blob and the hash under %j, and nothing else', async (prefix) => {
    const spelled = factorsAt(server.url, prefix)
    const one = await createBackup(spelled)
    const [next, bytes] = [freshHash(), randomBytes(70_000)]
    expect(await spelled.sync(one.sync, hashes(one.manifestHash, next), bytes)).toEqual([200, { backupId: one.id }])
    expect(await spelled.metadata(one.sync)).toEqual([200, { ...one.metadata, manifestHash: next }])
    expect(ok(await spelled.retrieve(one.main)).backup).toBe(bytes.toString('base64'))
    expect((await spelled.sync(one.sync, hashes(next), randomBytes(1)))[0]).toBe(200)
  })

  test('from another hash than the stored one is 412 and changes nothing', async () => {
    const one = await createBackup(api)
    expect(await api.sync(one.sync, hashes(freshHash()), randomBytes(50))).toEqual(refusal('manifest_hash_mismatch'))
    expect(ok(await api.retrieve(one.main))).toMatchObject({
      backup: one.bytes.toString('base64'),
      metadata: one.metadata,
    })
  })

  test('to the hash that is there already is allowed', async () => {
    const one = await createBackup(api)
    const bytes = randomBytes(50)
    expect((await api.sync(one.sync, hashes(one.manifestHash, one.manifestHash), bytes))[0]).toBe(200)
    expect(ok(await api.retrieve(one.main)).backup).toBe(bytes.toString('base64'))
  })

  test('hashes may have 0x and any letter case', async () => {
    const one = await createBackup(api)
    const next = freshHash()
    const spelled = hashes(`0x${one.manifestHash.toUpperCase()}`, next.toUpperCase())
    expect((await api.sync(one.sync, spelled, randomBytes(5)))[0]).toBe(200)
    expect((ok(await api.metadata(one.sync)) as unknown as Metadata).manifestHash).toBe(next)
  })

  test('the proof comes before the hash, and its token is burnt by a mismatch', async () => {
    const one = await createBackup(api)
    const proof = await api.prove('sync', one.sync)
    const forged = { ...proof, authorization: one.sync.authorize('AAAA') }
    const payload = hashes(freshHash())
    expect(await api.sendForm('sync', { ...forged, ...payload }, one.bytes)).toEqual(
      badSignature('Signature verification failed'),
    )
    expect(await api.sendForm('sync', { ...proof, ...payload }, one.bytes)).toEqual(refusal('manifest_hash_mismatch'))
    expect(await api.sendForm('sync', { ...proof, ...hashes(one.manifestHash) }, one.bytes)).toEqual(
      refusal('already_used'),
    )
  })

  test('a main factor, or a stranger, is no sync factor', async () => {
    const one = await createBackup(api)
    for (const key of [one.main, ecKey()])
      expect(await api.sync(key, hashes(one.manifestHash), one.bytes)).toEqual(refusal('backup_untraceable'))
  })

  test.each([
    { kind: 'PASSKEY', credential: {} },
    { kind: 'OIDC_ACCOUNT', oidcToken: { kind: 'APPLE', token: 'x' }, publicKey: 'x', signature: 'x' },
  ])('$kind is refused before its token is looked at', async (authorization) => {
    const payload = { authorization, challengeToken: 'junk', ...hashes(freshHash()) }
    expect(await api.sendForm('sync', payload, randomBytes(5))).toEqual(refusal('invalid_authorization_type'))
  })

  test.each([
    ['no hashes', {}],
    ['one hash', { currentManifestHash: freshHash() }],
    ['a short hash', hashes(freshHash(), 'abc')],
    ['a hash that is no hex', hashes('z'.repeat(64))],
    ['a null hash', { ...hashes(freshHash()), newManifestHash: null }],
    ['a number', { ...hashes(freshHash()), newManifestHash: 7 }],
  ])('a payload with %s is invalid, and burns nothing', async (_name, more) => {
    const one = await createBackup(api)
    const proof = await api.prove('sync', one.sync)
    expect(await api.sendForm('sync', { ...proof, ...more }, one.bytes)).toEqual(refusal('invalid_payload'))
    expect((await api.sendForm('sync', { ...proof, ...hashes(one.manifestHash) }, one.bytes))[0]).toBe(200)
  })

  test('a sync factor that was removed cannot sync', async () => {
    const one = await createBackup(api)
    const proof = await api.prove('sync', one.sync)
    expect((await api.deleteFactor(one.sync, one.metadata.syncFactors[0]?.id ?? '', 'SYNC'))[0]).toBe(200)
    const [status, body] = await api.sendForm('sync', { ...proof, ...hashes(one.manifestHash) }, one.bytes)
    const { code } = (body as { error: { code: string } }).error
    expect([status, code]).toEqual([400, 'backup_untraceable'])
  })

  test('twenty syncs one after the other each see the one before', async () => {
    const one = await createBackup(api)
    let current = one.manifestHash
    for (let n = 0; n < 20; n++) {
      const next = freshHash()
      expect((await api.sync(one.sync, hashes(current, next), randomBytes(n + 1)))[0]).toBe(200)
      current = next
    }
    expect((ok(await api.metadata(one.sync)) as unknown as Metadata).manifestHash).toBe(current)
  })
})
