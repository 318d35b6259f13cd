import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { objectPath, objectRows } from '#e2e/support/disaster-inspect.ts'
import { type Api, createBackup, factorsAt, freshHash, hashes, ok, startFactors } from '#e2e/support/factors.ts'
import { refusal } from '#e2e/support/factors-errors.ts'
import { s3Env } from '#e2e/support/s3-env.ts'
import { type S3Server, startS3Server } from '#e2e/support/s3-server.ts'
import type { TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024

describe.each(['disk', 's3'] as const)('a backup’s life on %s', (kind) => {
  let s3: S3Server | null = null
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    s3 = kind === 's3' ? await startS3Server() : null
    server = await startFactors({ env: s3 ? s3Env(s3) : {} })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await s3?.stop()
  })

  test.each([1, 500, 65_536, 5 * mebibyte + 1, 15 * mebibyte])('of %i bytes', { timeout: 60_000 }, async (size) => {
    const one = await createBackup(api, { bytes: randomBytes(size) })
    expect(ok(await api.retrieve(one.main)).backup === one.bytes.toString('base64')).toBe(true)
    const [next, bytes] = [freshHash(), randomBytes(size)]
    expect((await api.sync(one.sync, hashes(one.manifestHash, next), bytes))[0]).toBe(200)
    expect(ok(await api.retrieve(one.main)).backup === bytes.toString('base64')).toBe(true)
    expect((await api.deleteBackup(one.sync))[0]).toBe(204)
    expect(await api.status(one.id)).toEqual(refusal('not_found'))
    const again = await createBackup(api, { account: one.account, main: one.main, sync: one.sync })
    expect((await api.reset(again.account))[0]).toBe(204)
  })

  test('survives a restart', async () => {
    const one = await createBackup(api)
    expect(await server.stop()).toBe(0)
    await server.restart()
    api = factorsAt(server.url)
    expect(ok(await api.retrieve(one.main))).toMatchObject({
      backup: one.bytes.toString('base64'),
      metadata: one.metadata,
    })
  })

  test('that cannot reach its store is 500 in the envelope, and as it was when the store is back', async () => {
    if (s3?.kind !== 'versitygw' && s3?.kind !== 's3rver') return
    const one = await createBackup(api, { bytes: randomBytes(2_000) })
    await s3.kill()
    const failed = [
      500,
      { allowRetry: false, error: { code: 'internal_server_error', message: 'Internal server error' } },
    ]
    expect(await api.retrieve(one.main)).toEqual(failed)
    expect(await api.sync(one.sync, hashes(one.manifestHash), randomBytes(2_000))).toEqual(failed)
    expect(await api.metadata(one.sync)).toEqual([200, one.metadata])
    await s3.restart()
    expect(ok(await api.retrieve(one.main)).backup === one.bytes.toString('base64')).toBe(true)
    expect((await api.sync(one.sync, hashes(one.manifestHash), randomBytes(2_000)))[0]).toBe(200)
  })

  test('whose bytes are lost is 500 in the envelope, never something else’s bytes', async () => {
    if (kind === 's3') return
    const one = await createBackup(api, { bytes: randomBytes(777) })
    const row = objectRows(server.dataFolder).find(({ size }) => size === 777)
    rmSync(objectPath(server.dataFolder, row?.id ?? ''))
    expect(await api.retrieve(one.main)).toEqual([
      500,
      { allowRetry: false, error: { code: 'internal_server_error', message: 'Internal server error' } },
    ])
    expect((await api.metadata(one.sync))[0]).toBe(200)
    expect((await api.sync(one.sync, hashes(one.manifestHash), randomBytes(10)))[0]).toBe(200)
    expect((await api.retrieve(one.main))[0]).toBe(200)
  })
})
