import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiftClock, type WallClock, wallClock } from '#e2e/support/disaster-clock.ts'
import {
  type Api,
  createBackup,
  createPayload,
  draft,
  factorsAt,
  freshHash,
  hashes,
  initialSync,
  joinAsSyncDevice,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

/**
 * What factor-backup §10 lists against the original, point by point. Elsewhere: 1 in factors-add-factor.test.ts, 2
 * (failed attempts) in factors-proofs.test.ts, 3 in factors-add-main-factor.test.ts, 6 and 8 in factors-races.test.ts and
 * factors-kill-9.test.ts, 7 in factors-retrieve.test.ts, 9 in factors-passkeys.test.ts and factors-assertions.test.ts, 10
 * in factors-history.test.ts, 11 in factors-oidc.test.ts, 12 in factors-attestation.test.ts, 13 in
 * factors-framework.test.ts; the regressions of 15 beside what they concern.
 */
describe('weaknesses of the original that are not ours (factor-backup §10)', () => {
  let clock: WallClock
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    clock = wallClock()
    server = await startFactors({ preload: [shiftClock], env: { ...clock.env, HEARTHKEEP_LOG_LEVEL: 'trace' } })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    clock?.[Symbol.dispose]()
  })

  test('2: a challenge outlives a restart, a used one stays used', async () => {
    const one = await createBackup(api)
    const [used, kept] = [await api.prove('retrieve', one.main), await api.prove('retrieve', one.main)]
    expect((await api.send('retrieve/from-challenge', used))[0]).toBe(200)
    const token = String(ok(await api.retrieve(one.main)).syncFactorToken)
    await server.stop('SIGKILL')
    await server.restart()
    api = factorsAt(server.url)
    expect(await api.send('retrieve/from-challenge', used)).toEqual(refusal('already_used'))
    expect((await api.send('retrieve/from-challenge', kept))[0]).toBe(200)
    expect((await api.addSyncFactor(token, ecKey()))[0]).toBe(200)
  })

  test('2: guesses made at once count as well', async () => {
    const one = await createBackup(api)
    const { authorization, challengeToken } = await api.prove('retrieve', one.main)
    const wrong = { authorization: one.main.authorize('AAAA'), challengeToken }
    await Promise.all(Array.from({ length: 20 }, () => api.send('retrieve/from-challenge', wrong)))
    expect(await api.send('retrieve/from-challenge', { authorization, challengeToken })).toEqual(
      refusal('already_used'),
    )
  })

  test('2: a used challenge stays used when the clock falls back', async () => {
    const one = await createBackup(api)
    clock.shift(14 * 60_000)
    await new Promise((resolve) => setTimeout(resolve, 30))
    const proof = await api.prove('retrieve', one.main)
    expect((await api.send('retrieve/from-challenge', proof))[0]).toBe(200)
    clock.shift(0)
    await new Promise((resolve) => setTimeout(resolve, 30))
    // From the future now, and used: either says so.
    const [status, body] = await api.send('retrieve/from-challenge', proof)
    const { code } = (body as { error: { code: string } }).error
    expect([status, ['jwt_error', 'already_used'].includes(code)]).toEqual([400, true])
  })

  test('4: the letters of an id may be large or small, it is one backup', async () => {
    const one = await createBackup(api)
    const shout = `backup_account_${one.id.slice(15).toUpperCase()}`
    const other = draft({ account: one.account, id: shout })
    expect(await api.sendForm('create', await createPayload(api, other), other.bytes)).toEqual(
      refusal('backup_account_id_already_exists'),
    )
    for (const id of [one.id, shout]) {
      expect((await api.status(id))[0]).toBe(200)
      expect(await api.metadata(one.sync, { backupId: id })).toEqual([200, one.metadata])
    }
    const { metadata } = await createBackup(api, {
      id: `backup_account_03${randomBytes(32).toString('hex').toUpperCase()}`,
    })
    expect(metadata.id).toBe(metadata.id.toLowerCase())
  })

  test('5: a create that fails at its sync factor locks the main factor out of nothing', async () => {
    const taken = await createBackup(api)
    const one = draft({ sync: taken.sync })
    expect(await api.sendForm('create', await createPayload(api, one), one.bytes)).toEqual(
      refusal('factor_already_exists'),
    )
    const again = { ...one, sync: ecKey() }
    const payload = { ...(await createPayload(api, again)), ...(await initialSync(api, again.sync)) }
    expect((await api.sendForm('create', payload, again.bytes))[0]).toBe(200)
  })

  test('5: a create that fails leaves no bytes and no row', async () => {
    const taken = await createBackup(api)
    const count = () => readdirSync(join(server.dataFolder, 'blobs'), { recursive: true }).length
    const before = count()
    for (const over of [{ account: taken.account }, { main: taken.main }, { sync: taken.sync }]) {
      const one = draft({ ...over, bytes: randomBytes(50_000) })
      expect((await api.sendForm('create', await createPayload(api, one), one.bytes))[0]).toBeGreaterThanOrEqual(400)
    }
    const one = draft()
    await api.sendForm('create', { ...(await createPayload(api, one)), challengeToken: 'x' }, randomBytes(50_000))
    await api.sync(taken.sync, hashes(freshHash()), randomBytes(50_000))
    expect(count()).toBe(before)
  })

  test('8: one word for one thing: a backup that is gone is untraceable by every key it had', async () => {
    const one = await createBackup(api)
    const phone = await joinAsSyncDevice(api, one.main)
    expect((await api.reset(one.account))[0]).toBe(204)
    for (const answer of [
      await api.retrieve(one.main),
      await api.verify(one.main),
      await api.metadata(phone),
      await api.sync(one.sync, hashes(one.manifestHash), one.bytes),
      await api.deleteFactor(phone, one.metadata.syncFactors[0]?.id ?? '', 'SYNC'),
      await api.deleteBackup(phone),
    ])
      expect(answer).toEqual(refusal('backup_untraceable'))
  })

  test('13: a gated body and any other have limits of their own, and both say so in the envelope', async () => {
    const [status, body] = await api.send('verify-factor', { pad: 'x'.repeat(1_500_000) })
    expect([status, body]).toEqual(refusal('invalid_payload', 'Body payload is invalid'))
    expect((await api.send('delete-backup', { pad: 'x'.repeat(1_500_000) }))[0]).toBe(422)
  })

  test('14: no key, token, signature, id, hash or byte of a backup is in the log, at any level', async () => {
    const bytes = Buffer.from(`sealed ${randomBytes(16).toString('hex')}`)
    const one = await createBackup(api, { bytes })
    const secrets = new Set<string>()
    const note = (value: unknown): void => {
      if (typeof value === 'string' && value.length >= 32) secrets.add(value)
      else if (value && typeof value === 'object') for (const member of Object.values(value)) note(member)
    }
    note([one.main, one.sync, one.encryptionKey, one.manifestHash, one.id, bytes.toString(), bytes.toString('base64')])
    const call = async (path: string, body: Record<string, unknown>) => {
      const answer = await api.send(path, body, {
        'client-version': '9.9.9',
        'attestation-token': 'static-secret-token',
      })
      note([body, answer[1]])
      return answer
    }
    const fields = await api.prove('retrieve', one.main)
    expect((await call('retrieve/from-challenge', fields))[0]).toBe(200)
    expect((await call('retrieve/from-challenge', fields))[0]).toBe(400)
    await call('verify-factor', await api.prove('verify-factor', ecKey()))
    await call('retrieve-metadata', { ...(await api.prove('retrieve-metadata', one.sync)), backupId: one.id })
    await call('backup/status', { backupId: one.id })
    await call('add-sync-factor', { ...(await api.prove('add-sync-factor', ecKey())), syncFactorToken: 'x'.repeat(40) })
    await call('delete-factor', { ...(await api.prove('sync', one.sync)), factorId: one.id, scope: 'MAIN' })
    const payload = { ...(await api.prove('sync', one.sync)), ...hashes(one.manifestHash) }
    note(payload)
    expect((await api.sendForm('sync', payload, bytes))[0]).toBe(200)
    await api.sendForm('create', { ...payload, backupAccountId: one.id }, bytes)
    expect((await api.reset(one.account))[0]).toBe(204)
    secrets.add('static-secret-token')

    const log = server.log()
    expect(log).toContain('request refused')
    expect(secrets.size).toBeGreaterThan(25)
    for (const secret of secrets) {
      for (const spelled of [secret, secret.replace('backup_account_', ''), encodeURIComponent(secret)])
        expect([secret.slice(0, 60), log.includes(spelled)]).toEqual([secret.slice(0, 60), false])
    }
    // Keys are looked up, not kept in copies: tokens lie on disk as hashes alone.
    for (const name of readdirSync(server.dataFolder).filter((file) => file.includes('sqlite'))) {
      const disk = readFileSync(join(server.dataFolder, name))
      expect([name, disk.includes(fields.challengeToken)]).toEqual([name, false])
    }
  })

  test('14: nor is it in the figures', async () => {
    const one = await createBackup(api)
    await api.status(one.id)
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).toContain('factors')
    for (const secret of [one.id, one.main.publicKey, one.manifestHash]) expect(text.includes(secret)).toBe(false)
  })
})
