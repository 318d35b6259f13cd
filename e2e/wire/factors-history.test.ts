import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { day, hurryJobs, shiftClock, type WallClock, wallClock } from '#e2e/support/disaster-clock.ts'
import {
  type Api,
  type Backup,
  createBackup,
  type Factor,
  factorsAt,
  hashes,
  joinAsSyncDevice,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { addMainFactor } from '#e2e/support/factors-additive.ts'
import { badSignature, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { type EcKey, ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

type Past = {
  backupId: string
  deletedAt: number | null
  version: number
  manifestHash: string
  versions: Array<{
    version: number
    manifestHash: string
    size: number
    createdAt: number
    supersededAt: number | null
  }>
  removedFactors: Array<Factor & { scope: string; removedAt: number }>
}

/** What a stolen phone, with its sync key, destroys can be brought back by a main factor (additive; §10.10). */
describe('history and restore', () => {
  let clock: WallClock
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    clock = wallClock()
    server = await startFactors({ preload: [shiftClock, hurryJobs], env: clock.env })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    clock?.[Symbol.dispose]()
  })

  const prove = async (route: 'history' | 'restore', key: EcKey) => {
    const { challenge, token } = ok(await api.send(`${route}/challenge/keypair`, {})) as {
      challenge: string
      token: string
    }
    return { authorization: key.authorize(challenge), challengeToken: token }
  }
  const history = async (key: EcKey) => ok(await api.send('history', await prove('history', key))).backups as Past[]
  const restore = async (key: EcKey, more: Record<string, unknown> = {}) =>
    api.send('restore', { ...(await prove('restore', key)), ...more })
  const contentOf = async (one: Backup) => Buffer.from(String(ok(await api.retrieve(one.main)).backup), 'base64')

  test('every version of the content is kept, and any can be the current one again', async () => {
    const one = await createBackup(api)
    const [next, bytes] = [hashes(one.manifestHash), randomBytes(300)]
    expect((await api.sync(one.sync, next, bytes))[0]).toBe(200)
    const [past] = await history(one.main)
    expect(past).toMatchObject({
      backupId: one.id,
      deletedAt: null,
      manifestHash: next.newManifestHash,
      removedFactors: [],
    })
    expect(past?.versions).toEqual([
      {
        version: 1,
        manifestHash: one.manifestHash,
        size: one.bytes.length,
        createdAt: expect.any(Number),
        supersededAt: expect.any(Number),
      },
    ])
    expect(await restore(one.main, { version: 1 })).toEqual([200, one.metadata])
    expect(await contentOf(one)).toEqual(one.bytes)
    const [after] = await history(one.main)
    expect(after?.version).toBeGreaterThan(past?.version ?? 0)
    expect(after?.versions.map(({ manifestHash }) => manifestHash)).toContain(next.newManifestHash)
    // Who synced from what is no longer there hears so.
    expect(await api.sync(one.sync, hashes(next.newManifestHash), bytes)).toEqual(refusal('manifest_hash_mismatch'))
    expect((await api.sync(one.sync, hashes(one.manifestHash), bytes))[0]).toBe(200)
  })

  test('the paths are served without /v1 too', async () => {
    const bare = factorsAt(server.url, '')
    const one = await createBackup(bare)
    for (const route of ['history', 'restore']) {
      const { challenge, token } = ok(await bare.send(`${route}/challenge/keypair`, {})) as {
        challenge: string
        token: string
      }
      const body = { authorization: one.main.authorize(challenge), challengeToken: token, factorIds: [] }
      expect((await bare.send(route, body))[0]).toBe(200)
    }
  })

  test('a version that is not kept is not found', async () => {
    const one = await createBackup(api)
    for (const version of [1, 2, 99]) expect(await restore(one.main, { version })).toEqual(refusal('not_found'))
    for (const version of [0, -1, 1.5, '1']) expect(await restore(one.main, { version })).toEqual([422, envelope])
    expect(await contentOf(one)).toEqual(one.bytes)
  })

  test.each([
    ['by a sync factor', async (one: Backup) => void (await api.deleteBackup(one.sync))],
    ['by the account key', async (one: Backup) => void (await api.reset(one.account))],
    [
      'with its last main factor',
      async (one: Backup) => void (await api.deleteFactor(one.sync, one.metadata.factors[0]?.id ?? '', 'MAIN')),
    ],
  ])(
    'a backup deleted %s comes back with its main factors, keys and bytes, but no sync factor',
    async (way, remove) => {
      const one = await createBackup(api)
      const paper = ecKey()
      if (way !== 'with its last main factor')
        await addMainFactor(api, {
          existing: { kind: 'EC_KEYPAIR', prove: (challenge) => one.main.authorize(challenge) },
          fresh: { kind: 'EC_KEYPAIR', prove: (challenge) => paper.authorize(challenge) },
        })
      const before = ok(await api.metadata(one.sync)) as unknown as Metadata
      await remove(one)
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
      const [past] = await history(one.main)
      expect(past).toMatchObject({ backupId: one.id, deletedAt: expect.any(Number), manifestHash: one.manifestHash })

      expect(await restore(one.main)).toEqual([200, { ...before, syncFactors: [] }])
      expect(await contentOf(one)).toEqual(one.bytes)
      expect(await api.metadata(one.sync)).toEqual(refusal('backup_untraceable'))
      const phone = await joinAsSyncDevice(api, one.main)
      expect((await api.sync(phone, hashes(one.manifestHash), one.bytes))[0]).toBe(200)
    },
  )

  test('sync factors come back only when they are named', async () => {
    const one = await createBackup(api)
    const phone = await joinAsSyncDevice(api, one.main)
    const { syncFactors } = ok(await api.metadata(phone)) as unknown as Metadata
    expect((await api.deleteBackup(phone))[0]).toBe(204)
    const factorIds = [syncFactors[0]?.id]
    expect(ok(await restore(one.main, { factorIds }))).toMatchObject({ syncFactors: syncFactors.slice(0, 1) })
    expect((await api.metadata(one.sync))[0]).toBe(200)
    expect(await api.metadata(phone)).toEqual(refusal('backup_untraceable'))
  })

  test('a factor that was removed comes back by its id, with its key', async () => {
    const one = await createBackup(api)
    const phone = await joinAsSyncDevice(api, one.main)
    const before = ok(await api.metadata(one.sync)) as unknown as Metadata
    const id = before.syncFactors[1]?.id
    expect((await api.deleteFactor(one.sync, id ?? '', 'SYNC'))[0]).toBe(200)
    const [past] = await history(one.main)
    expect(past?.removedFactors).toEqual([{ ...before.syncFactors[1], scope: 'SYNC', removedAt: expect.any(Number) }])
    expect(ok(await restore(one.main, { factorIds: [id] })).id).toBe(one.id)
    expect((await api.metadata(phone))[0]).toBe(200)
    expect(await restore(one.main, { factorIds: ['nobody'] })).toEqual(refusal('factor_not_found'))
  })

  test('nobody but its main factors sees or restores it', async () => {
    const [one, other] = [await createBackup(api), await createBackup(api)]
    expect((await api.deleteBackup(one.sync))[0]).toBe(204)
    for (const stranger of [one.sync, ecKey()]) {
      expect(await api.send('history', await prove('history', stranger))).toEqual(refusal('backup_untraceable'))
      expect(await restore(stranger)).toEqual(refusal('backup_untraceable'))
    }
    expect(await restore(other.main, { backupId: one.id })).toEqual(refusal('backup_untraceable'))
    expect((await history(other.main)).map(({ backupId }) => backupId)).toEqual([other.id])
    const proof = await prove('restore', one.main)
    const forged = { ...proof, authorization: one.main.authorize('AAAA') }
    expect(await api.send('restore', forged)).toEqual(badSignature('Signature verification failed'))
    expect(await api.send('history', proof)).toEqual(refusal('invalid_challenge_context'))
    expect((await api.send('restore', proof))[0]).toBe(200)
    expect(await api.send('restore', proof)).toEqual(refusal('already_used'))
  })

  test('a main factor that was taken out long before has no say', async () => {
    const one = await createBackup(api)
    const thief = ecKey()
    await addMainFactor(api, {
      existing: { kind: 'EC_KEYPAIR', prove: (challenge) => one.main.authorize(challenge) },
      fresh: { kind: 'EC_KEYPAIR', prove: (challenge) => thief.authorize(challenge) },
    })
    const { factors } = ok(await api.metadata(one.sync)) as unknown as Metadata
    expect((await api.deleteFactor(one.sync, factors[1]?.id ?? '', 'MAIN'))[0]).toBe(200)
    expect(await restore(thief)).toEqual(refusal('backup_untraceable'))
    clock.shift(2 * day)
    await sleep(30)
    expect((await api.deleteBackup(one.sync))[0]).toBe(204)
    expect(await restore(thief)).toEqual(refusal('backup_untraceable'))
    expect(await api.send('history', await prove('history', thief))).toEqual(refusal('backup_untraceable'))
    expect((await restore(one.main))[0]).toBe(200)
    clock.shift(0)
    await sleep(30)
  })

  test('an id or a key that is in use again meanwhile is not taken from who has it', async () => {
    const one = await createBackup(api)
    expect((await api.deleteBackup(one.sync))[0]).toBe(204)
    const newer = await createBackup(api, { account: one.account })
    expect(await restore(one.main)).toEqual(refusal('backup_account_id_already_exists'))
    expect(await contentOf(newer)).toEqual(newer.bytes)
    // The key that the id is made of settles whose it is.
    expect((await api.reset(one.account))[0]).toBe(204)
    const thirdParty = await createBackup(api, { sync: one.sync })
    const { removedFactors } = (await history(one.main))[0] ?? {}
    const factorIds = removedFactors?.filter(({ scope }) => scope === 'SYNC').map(({ id }) => id)
    expect(await restore(one.main, { factorIds })).toEqual(refusal('factor_already_exists'))
    expect((await api.metadata(thirdParty.sync))[0]).toBe(200)
    expect((await restore(one.main))[0]).toBe(200)
  })

  test('after thirty days it is gone for good, bytes and all', async () => {
    const one = await createBackup(api)
    expect((await api.deleteBackup(one.sync))[0]).toBe(204)
    clock.shift(31 * day)
    await expect
      .poll(async () => restore(one.main), { interval: 100, timeout: 10_000 })
      .toEqual(refusal('backup_untraceable'))
    clock.shift(0)
    await sleep(30)
  })
})
