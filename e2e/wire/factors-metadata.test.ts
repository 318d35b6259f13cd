import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, type Backup, createBackup, factorsAt, startFactors } from '#e2e/support/factors.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { accountKey, ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

/** Both routes take any text for an id (§11). */
const oddIds = [
  '',
  ' ',
  '/',
  '..',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '%2e%2e%2f',
  'backup_account_',
  'a\u0000b',
  '\n',
  "' or 1=1 --",
  '__proto__',
  '😀'.repeat(200),
  '\ud800',
  'x'.repeat(1_000_000),
  'C:\\con',
  'blobs',
]

describe.each(['/v1', ''] as const)('metadata and status under %j (factor-backup §4.9, §4.13)', (prefix) => {
  let server: TestServer
  let api: Api
  let one: Backup
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url, prefix)
    one = await createBackup(api)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('a sync factor reads the bare metadata, with and without the id', async () => {
    expect(await api.metadata(one.sync)).toEqual([200, one.metadata])
    expect(await api.metadata(one.sync, { backupId: one.id })).toEqual([200, one.metadata])
    expect(await api.metadata(one.sync, { backupId: null })).toEqual([200, one.metadata])
  })

  test('a key that cannot be traced is told as much as it knows already', async () => {
    for (const key of [ecKey(), one.main]) {
      expect(await api.metadata(key)).toEqual(refusal('backup_untraceable'))
      expect(await api.metadata(key, { backupId: one.id })).toEqual(refusal('unauthorized_factor'))
      expect(await api.metadata(key, { backupId: accountKey().id })).toEqual(refusal('backup_does_not_exist'))
    }
  })

  test('a key of another backup is a mismatch, whether the named one exists or not', async () => {
    const other = await createBackup(api)
    expect(await api.metadata(one.sync, { backupId: other.id })).toEqual(refusal('backup_id_mismatch'))
    expect(await api.metadata(one.sync, { backupId: accountKey().id })).toEqual(refusal('backup_id_mismatch'))
  })

  test('what is wrong with the challenge or the signature comes first, whatever the id', async () => {
    for (const backupId of [one.id, 'none']) {
      const proof = await api.prove('retrieve-metadata', ecKey())
      const forged = { ...proof, authorization: { ...proof.authorization, signature: one.sync.sign('AAAA') }, backupId }
      expect(await api.send('retrieve-metadata', forged)).toEqual(badSignature('Signature verification failed'))
      const other = { ...(await api.prove('sync', ecKey())), backupId }
      expect(await api.send('retrieve-metadata', other)).toEqual(refusal('invalid_challenge_context'))
    }
  })

  test.each([
    { kind: 'PASSKEY', credential: {} },
    { kind: 'OIDC_ACCOUNT', oidcToken: { kind: 'GOOGLE', token: 'x' }, publicKey: 'x', signature: 'x' },
  ])('$kind reads no metadata', async (authorization) => {
    const answer = api.send('retrieve-metadata', { authorization, challengeToken: 'junk', backupId: one.id })
    expect(await answer).toEqual(refusal('invalid_authorization_type'))
  })

  test('anybody who knows the id learns of what kind the main factors are, and nothing else', async () => {
    expect(await api.status(one.id)).toEqual([
      200,
      { backupId: one.id, factors: [{ kind: 'EC_KEYPAIR', accountKind: null }] },
    ])
  })

  test('status reads an id to the letter, as an unknown id is not found', async () => {
    expect(await api.status(accountKey().id)).toEqual(refusal('not_found'))
    expect(await api.status(`${one.id} `)).toEqual(refusal('not_found'))
    expect(await api.status(one.id.slice(0, -1))).toEqual(refusal('not_found'))
    expect(await api.send('backup/status', {})).toEqual([422, envelope])
    expect(await api.send('backup/status', { backupId: 7 })).toEqual([422, envelope])
  })

  test.each(oddIds.map((id) => [id.slice(0, 20), id]))(
    'an id such as %j finds nothing and is no path',
    async (_, id) => {
      const before = readdirSync(server.dataFolder, { recursive: true }).length
      expect(await api.status(id)).toEqual(refusal('not_found'))
      expect(await api.metadata(one.sync, { backupId: id })).toEqual(refusal('backup_id_mismatch'))
      expect(await api.metadata(ecKey(), { backupId: id })).toEqual(refusal('backup_does_not_exist'))
      expect(readdirSync(server.dataFolder, { recursive: true })).toHaveLength(before)
    },
  )

  test('bytes lie under names of ours, not under ids', async () => {
    await createBackup(api, { bytes: randomBytes(10) })
    const names = readdirSync(server.dataFolder, { recursive: true }).map(String)
    expect(names.filter((name) => name.includes('backup_account'))).toEqual([])
    expect(names.filter((name) => name.startsWith('blobs')).length).toBeGreaterThan(2)
    for (const name of names) expect(name).toMatch(/^[\w./-]+$/)
  })
})
