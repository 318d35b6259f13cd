import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import {
  type Api,
  type Backup,
  createBackup,
  createPayload,
  draft,
  factorsAt,
  hashes,
  joinAsSyncDevice,
  type Metadata,
  ok,
  startFactors,
} from '#e2e/support/factors.ts'
import { envelope, refusal } from '#e2e/support/factors-errors.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

// Ten main factors and one key a kind are in factors-add-main-factor.test.ts, sizes in factors-upload-limits.test.ts.
describe('limits (factor-backup §5.1, §8)', () => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('twenty-five sync factors at most; one too many, also at once, costs neither its key nor its token', async () => {
    const one = await createBackup(api)
    for (let n = 1; n < 21; n++) await joinAsSyncDevice(api, one.main)
    const tokens = await Promise.all(Array.from({ length: 8 }, async () => ok(await api.retrieve(one.main))))
    const answers = await Promise.all(
      tokens.map(({ syncFactorToken }) => api.addSyncFactor(String(syncFactorToken), ecKey())),
    )
    expect(answers.map(([status]) => status).sort()).toEqual([200, 200, 200, 200, 409, 409, 409, 409])
    const { syncFactors } = ok(await api.metadata(one.sync)) as unknown as Metadata
    expect(new Set(syncFactors.map(({ id }) => id)).size).toBe(25)

    const late = ecKey()
    const token = String(tokens[answers.findIndex(([status]) => status === 409)]?.syncFactorToken)
    for (let n = 0; n < 2; n++) expect(await api.addSyncFactor(token, late)).toEqual(refusal('too_many_factors'))
    expect(await api.metadata(late)).toEqual(refusal('backup_untraceable'))
    const { id = '' } = syncFactors[7] ?? {}
    expect((await api.deleteFactor(one.sync, id, 'SYNC'))[0]).toBe(200)
    expect((await api.addSyncFactor(token, late))[0]).toBe(200)
    const after = ok(await api.metadata(late)) as unknown as Metadata
    expect(after.syncFactors.map(({ kind }) => kind.publicKey).at(-1)).toBe(late.publicKey)
    expect(after.syncFactors).toHaveLength(25)
  })
})

describe('throttles', () => {
  test('asking for challenges without end is 429 with Retry-After in the envelope, and nothing else is held up', async () => {
    await using server = await startFactors({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
    const api = factorsAt(server.url)
    let held: Response | null = null
    for (let n = 0; n < 100 && !held; n++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => api.post('sync/challenge/keypair', {})))
      held = answers.find(({ status }) => status === 429) ?? null
      for (const { status } of answers) expect([200, 429]).toContain(status)
    }
    expect(Number(held?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await said(held as Response)).toEqual([429, envelope])
    expect((await fetch(`${server.url}/health`)).status).toBe(200)
  })

  test('a factor wears out from however many addresses it is used; another one does not, and it lost nothing', async () => {
    const env = { HEARTHKEEP_RATE_LIMIT: 'on', HEARTHKEEP_TLS: 'proxy', HEARTHKEEP_TRUSTED_PROXIES: '127.0.0.1' }
    await using server = await startFactors({ env })
    const api = factorsAt(server.url)
    const [stolen, other] = [await createBackup(api), await createBackup(api)]
    const from = (n: number) => ({ 'X-Forwarded-For': `192.168.1.${n % 250}` })
    const use = async (key: typeof stolen.main, n: number) =>
      api.post('retrieve/from-challenge', await api.prove('retrieve', key), from(n))
    let held: Response | null = null
    for (let n = 0; n < 400 && !held; n += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, m) => use(stolen.main, n + m)))
      held = answers.find(({ status }) => status === 429) ?? null
    }
    expect(Number(held?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await said(held as Response)).toEqual([429, envelope])
    expect((await use(other.main, 7)).status).toBe(200)
    expect((await api.metadata(stolen.sync))[0]).toBe(200)
  })
})

describe('who may make a backup (design §6)', () => {
  test.each(['invite', 'closed'])('with registration %s nobody new; what is there goes on', async (policy) => {
    await using server = await startFactors()
    const before: Backup = await createBackup(factorsAt(server.url))
    await server.stop()
    await server.restart({ HEARTHKEEP_REGISTRATION: policy })
    for (const prefix of ['/v1', ''] as const) {
      const api = factorsAt(server.url, prefix)
      const one = draft()
      const [status, body] = await api.sendForm('create', await createPayload(api, one), one.bytes)
      expect([status, body]).toEqual([403, envelope])
      expect((body as { error: { code: string } }).error.code).toBe('registration_closed')
      expect((await api.status(one.id))[0]).toBe(404)
      expect((await api.retrieve(before.main))[0]).toBe(200)
      expect((await api.sync(before.sync, hashes(before.manifestHash, before.manifestHash), one.bytes))[0]).toBe(200)
      expect((await api.metadata(await joinAsSyncDevice(api, before.main)))[0]).toBe(200)
    }
  })
})
