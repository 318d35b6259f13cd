import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { s3ForTest } from '#e2e/support/disaster-s3.ts'
import {
  type Api,
  createBackup,
  createPayload,
  draft,
  factorsAt,
  freshHash,
  hashes,
  joinAsSyncDevice,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { addMainFactor } from '#e2e/support/factors-additive.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import { accountKey, ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

const statuses = (answers: Array<[number, unknown]>) => answers.map(([status]) => status).sort()
const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

describe.each(['disk', 's3'] as const)('at once, on %s (factor-backup §9)', (kind) => {
  let s3: Awaited<ReturnType<typeof s3ForTest>> | null = null
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    s3 = kind === 's3' ? await s3ForTest() : null
    server = await startFactors({ env: s3?.env ?? {} })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await s3?.[Symbol.asyncDispose]()
  })

  test('of five creates of one id one wins; the others hear 409 or 423, and leave nothing', async () => {
    for (const size of [1, 2_000, 1_000_000]) {
      const account = accountKey()
      const drafts = times(5, () => draft({ account, bytes: randomBytes(size) }))
      const payloads = await Promise.all(drafts.map((one) => createPayload(api, one)))
      const answers = await Promise.all(drafts.map((one, n) => api.sendForm('create', payloads[n], one.bytes)))
      const winner = answers.findIndex(([status]) => status === 200)
      expect(winner).toBeGreaterThanOrEqual(0)
      for (const [n, [status]] of answers.entries()) if (n !== winner) expect([409, 423]).toContain(status)
      for (const [n, one] of drafts.entries()) {
        const [status, body] = await api.retrieve(one.main)
        if (n === winner) expect((body as { backup: string }).backup).toBe(one.bytes.toString('base64'))
        else expect(status).toBe(400)
      }
      const [loser] = drafts.filter((_, n) => n !== winner)
      if (loser) await createBackup(api, { main: loser.main, sync: loser.sync })
    }
  })

  test('of five creates with one main key one wins', async () => {
    const main = ecKey()
    const drafts = times(5, () => draft({ main }))
    const payloads = await Promise.all(drafts.map((one) => createPayload(api, one)))
    const answers = await Promise.all(drafts.map((one, n) => api.sendForm('create', payloads[n], one.bytes)))
    expect(statuses(answers)).toEqual([200, 400, 400, 400, 400])
    for (const answer of answers.filter(([status]) => status === 400))
      expect(answer).toEqual(refusal('factor_already_exists'))
    for (const [n, one] of drafts.entries())
      expect((await api.status(one.id))[0]).toBe(answers[n]?.[0] === 200 ? 200 : 404)
  })

  test.each([
    ['tiny', 20, 1],
    ['small', 20, 2_000],
    ['large', 5, 3_000_000],
  ])('of two syncs of %s blobs from one hash one wins and the other hears 423, %i times', async (_, rounds, size) => {
    const one = await createBackup(api)
    const phone = await joinAsSyncDevice(api, one.main)
    let current = one.manifestHash
    for (let round = 0; round < rounds; round++) {
      const tries = await Promise.all(
        // Two devices in one round, one device twice in the next.
        [one.sync, round % 2 ? phone : one.sync].map(async (key) => ({
          next: freshHash(),
          bytes: randomBytes(size),
          proof: await api.prove('sync', key),
        })),
      )
      const answers = await Promise.all(
        tries.map(({ next, bytes, proof }) => api.sendForm('sync', { ...proof, ...hashes(current, next) }, bytes)),
      )
      expect([round, statuses(answers)]).toEqual([round, [200, 423]])
      expect(answers.find(([status]) => status === 423)).toEqual(refusal('conflicting_lock'))
      const won = tries[answers.findIndex(([status]) => status === 200)]
      current = won?.next ?? ''
      const { backup, metadata } = ok(await api.retrieve(one.main))
      expect([(metadata as Metadata).manifestHash, backup]).toEqual([current, won?.bytes.toString('base64')])
    }
    expect((await api.sync(phone, hashes(current), randomBytes(size)))[0]).toBe(200)
  })

  test('of ten uses of one sync-factor token one wins, the others hear that it was used', async () => {
    const one = await createBackup(api)
    const syncFactorToken = String(ok(await api.retrieve(one.main)).syncFactorToken)
    const joins = await Promise.all(
      times(10, async () => {
        const { authorization: syncFactor, challengeToken } = await api.prove('add-sync-factor', ecKey())
        return { syncFactor, challengeToken, syncFactorToken }
      }),
    )
    const answers = await Promise.all(joins.map((join) => api.send('add-sync-factor', join)))
    expect(statuses(answers)).toEqual([200, ...Array(9).fill(400)])
    for (const answer of answers.filter(([status]) => status === 400)) expect(answer).toEqual(refusal('already_used'))
    expect((ok(await api.metadata(one.sync)) as unknown as Metadata).syncFactors).toHaveLength(2)
  })

  test('of ten uses of one challenge one wins', async () => {
    const one = await createBackup(api)
    for (const [path, context, key] of [
      ['retrieve/from-challenge', 'retrieve', one.main],
      ['retrieve-metadata', 'retrieve-metadata', one.sync],
    ] as const) {
      const proof = await api.prove(context, key)
      const answers = await Promise.all(times(10, () => api.send(path, proof)))
      expect(statuses(answers)).toEqual([200, ...Array(9).fill(400)])
      for (const answer of answers.filter(([status]) => status === 400)) expect(answer).toEqual(refusal('already_used'))
    }
  })

  test('three removals of sync factors all succeed', async () => {
    const one = await createBackup(api)
    for (let n = 0; n < 3; n++) await joinAsSyncDevice(api, one.main)
    const { syncFactors } = ok(await api.metadata(one.sync)) as unknown as Metadata
    const doomed = syncFactors.slice(1)
    const answers = await Promise.all(doomed.map(({ id }) => api.deleteFactor(one.sync, id, 'SYNC')))
    expect(statuses(answers)).toEqual([200, 200, 200])
    expect((ok(await api.metadata(one.sync)) as unknown as Metadata).syncFactors).toEqual(syncFactors.slice(0, 1))
  })

  test('of three main factors that are removed at once the last takes the backup with it', async () => {
    const one = await createBackup(api)
    for (let n = 0; n < 2; n++) {
      const fresh = ecKey()
      const added = await addMainFactor(api, {
        existing: { kind: 'EC_KEYPAIR', prove: (challenge) => one.main.authorize(challenge) },
        fresh: { kind: 'EC_KEYPAIR', prove: (challenge) => fresh.authorize(challenge) },
      })
      expect(added[0]).toBe(200)
    }
    const { factors } = ok(await api.metadata(one.sync)) as unknown as Metadata
    const proofs = await Promise.all(
      factors.map(async ({ id: factorId }) => ({
        ...(await api.prove('delete-factor', one.sync, { factorId })),
        factorId,
      })),
    )
    const answers = await Promise.all(proofs.map((proof) => api.send('delete-factor', { ...proof, scope: 'MAIN' })))
    expect(statuses(answers)).toEqual([200, 200, 200])
    const deleted = answers.map(([, body]) => (body as { backupDeleted: boolean }).backupDeleted)
    expect(deleted.sort()).toEqual([false, false, true])
    expect(await api.status(one.id)).toEqual(refusal('not_found'))
  })

  test('of two removals of one factor one wins, the other does not find it', async () => {
    const one = await createBackup(api)
    await joinAsSyncDevice(api, one.main)
    const id = (ok(await api.metadata(one.sync)) as unknown as Metadata).syncFactors[1]?.id ?? ''
    const answers = await Promise.all(times(2, () => api.deleteFactor(one.sync, id, 'SYNC')))
    expect(statuses(answers)).toEqual([200, 400])
    const [, body] = answers.find(([status]) => status === 400) ?? []
    expect((body as { error: { code: string } }).error.code).toBe('factor_not_found')
  })

  test('syncs and changes of factors do not get in each other’s way (§10.6)', async () => {
    const one = await createBackup(api)
    let current = one.manifestHash
    for (let round = 0; round < 5; round++) {
      const next = freshHash()
      const bytes = randomBytes(200_000)
      const [synced] = await Promise.all([
        api.sync(one.sync, hashes(current, next), bytes),
        joinAsSyncDevice(api, one.main),
      ])
      expect(synced[0]).toBe(200)
      current = next
      const { backup, metadata } = ok(await api.retrieve(one.main))
      expect([backup, (metadata as Metadata).manifestHash]).toEqual([bytes.toString('base64'), next])
      expect((metadata as Metadata).syncFactors).toHaveLength(round + 2)
    }
  })

  test('a backup that is deleted while it is synced is gone, whatever the sync hears', async () => {
    for (let round = 0; round < 5; round++) {
      const one = await createBackup(api)
      const phone = await joinAsSyncDevice(api, one.main)
      const [synced, deleted] = await Promise.all([
        api.sync(phone, hashes(one.manifestHash), randomBytes(500_000)),
        api.deleteBackup(one.sync),
      ])
      expect(deleted[0]).toBe(204)
      expect([200, 400]).toContain(synced[0])
      expect(await api.status(one.id)).toEqual(refusal('not_found'))
      expect(await api.retrieve(one.main)).toEqual(refusal('backup_untraceable'))
      await createBackup(api, { account: one.account, main: one.main, sync: one.sync })
    }
  })
})
