import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { auditEvents, settings } from '#db/schema/index.ts'
import { migrationsFolder } from '#db/testing.ts'
import { isProblem } from '#server/kit/problem.ts'
import { testHome } from '#server/testing.ts'
import { belongingsFile } from './belongings.ts'
import { changeVariables, type VariableChanges } from './kept-variables.ts'
import { readServerConfig } from './read-server-config.ts'
import { watchKept } from './watch-kept.ts'

type Home = Awaited<ReturnType<typeof testHome>>

test('the environment beats what is kept, which beats what a restore brought, which beats the default', async () => {
  await using home = await testHome()
  const started = (env: Record<string, string> = {}) => restarted(home, env).relyingParty.name
  expect(started()).toBe('Hearthkeep')
  writeFileSync(join(home.dataFolder, belongingsFile), JSON.stringify({ HEARTHKEEP_RP_NAME: 'Restored' }))
  expect(started()).toBe('Restored')
  await change(home, { HEARTHKEEP_RP_NAME: 'Kept' })
  expect(started()).toBe('Kept')
  expect(started({ HEARTHKEEP_RP_NAME: 'Environment' })).toBe('Environment')
  await change(home, { HEARTHKEEP_RP_NAME: null })
  expect(started()).toBe('Restored')
})

test('a running server goes by a change at once', async () => {
  await using home = await testHome()
  const { ctx } = home
  expect(ctx.outbox.sends).toBe(false)
  await change(home, {
    HEARTHKEEP_SMTP_URL: 'smtp://me:secret@mail.example',
    HEARTHKEEP_REGISTRATION: 'closed',
    HEARTHKEEP_QUOTA_BYTES: '1000',
    HEARTHKEEP_RATE_LIMIT: 'off',
    HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: 'one, two',
    HEARTHKEEP_PUBLIC_URL: 'https://home.example/',
    HEARTHKEEP_TRUSTED_PROXIES: '10.0.0.0/8',
    HEARTHKEEP_HISTORY_VERSIONS: '3',
  })
  expect(ctx.outbox.sends).toBe(true)
  expect(ctx.settings.values).toMatchObject({ registration: 'closed', quotaBytes: 1000, historyVersions: 3 })
  expect(ctx.config).toMatchObject({
    rateLimit: false,
    publicUrl: 'https://home.example',
    trustedProxies: ['10.0.0.0/8'],
    oidc: { google: { audiences: ['one', 'two'] } },
  })
  for (let taken = 0; taken < 9; taken += 1) ctx.rates.take({ name: 'test', perSecond: 1, burst: 1 }, '192.0.2.1')
  await change(home, { HEARTHKEEP_RATE_LIMIT: null, HEARTHKEEP_SMTP_URL: null })
  expect(ctx.outbox.sends).toBe(false)
  ctx.rates.take({ name: 'test', perSecond: 1, burst: 1 }, '192.0.2.1')
  expect(() => ctx.rates.take({ name: 'test', perSecond: 1, burst: 1 }, '192.0.2.1')).toThrow()
})

test('the name follows at once before set-up, and waits for a restart afterwards; the port always waits', async () => {
  await using home = await testHome()
  const { ctx } = home
  const before = ctx.config.httpPort
  await change(home, { HEARTHKEEP_HOSTNAME: 'first.local', HEARTHKEEP_HTTP_PORT: '1234' })
  expect(ctx.config).toMatchObject({ hostname: 'first.local', httpPort: before })
  await ctx.settings.set({ setUpAt: 1 })
  await change(home, { HEARTHKEEP_HOSTNAME: 'second.local' })
  expect(ctx.config.hostname).toBe('first.local')
  expect(restarted(home)).toMatchObject({ hostname: 'second.local', httpPort: 1234 })
})

test('the store is gone by at once only when it has been moved already', async () => {
  await using home = await testHome()
  const s3 = {
    HEARTHKEEP_BLOBS: 's3',
    HEARTHKEEP_S3_BUCKET: 'kept',
    HEARTHKEEP_S3_ACCESS_KEY_ID: 'id',
    HEARTHKEEP_S3_SECRET_ACCESS_KEY: 'secret',
  }
  await change(home, s3)
  expect(home.ctx.config.blobs.kind).toBe('disk')
  await changeVariables(home.ctx, null, s3, null, { alreadyTrue: Object.keys(s3) })
  expect(home.ctx.config.blobs).toMatchObject({ kind: 's3', s3: { bucket: 'kept', secretAccessKey: 'secret' } })
})

test('what the environment gives cannot be changed, nor what is no setting', async () => {
  await using home = await testHome({ HEARTHKEEP_REGISTRATION: 'closed', PORT: '4181' })
  expect(await refusal(change(home, { HEARTHKEEP_REGISTRATION: 'open' }))).toBe('config.pinned')
  expect(await refusal(change(home, { HEARTHKEEP_HTTP_PORT: '1' }))).toBe('config.pinned')
  for (const name of ['HEARTHKEEP_DATA_DIR', 'HEARTHKEEP_ADMIN_PASSWORD', 'HEARTHKEEP_TYPO', 'setUpAt', 'PATH'])
    expect(await refusal(change(home, { [name]: '1' }))).toBe('config.refused')
  expect(home.ctx.settings.values.registration).toBe('closed')
})

test.each<[VariableChanges, string]>([
  [{ HEARTHKEEP_QUOTA_BYTES: 'lots-and-lots' }, 'HEARTHKEEP_QUOTA_BYTES'],
  [{ HEARTHKEEP_ATTESTATION: 'token', HEARTHKEEP_RP_NAME: 'Fine' }, 'HEARTHKEEP_ATTESTATION_TOKEN'],
  [{ HEARTHKEEP_TLS: 'proxy' }, 'HEARTHKEEP_TRUSTED_PROXIES'],
  [{ HEARTHKEEP_SMTP_URL: 'https://lots-and-lots' }, 'HEARTHKEEP_SMTP_URL'],
])('%j is refused as a whole, by name and without its value', async (changes, name) => {
  await using home = await testHome()
  const problem = await change(home, changes).catch((error) => error)
  expect(problem).toMatchObject({ code: 'config.refused', facts: { faults: expect.stringContaining(name) } })
  expect(JSON.stringify(problem)).not.toContain('lots-and-lots')
  expect(restarted(home).sources.kept).toEqual({})
  expect(home.ctx.config.relyingParty.name).toBe('Hearthkeep')
})

test('secrets are sealed in the database, and the log of changes has names alone', async () => {
  await using home = await testHome()
  await change(home, {
    HEARTHKEEP_METRICS_TOKEN: 'planted-secret-0123456789',
    HEARTHKEEP_MAIL_FROM: 'planted@mail.example',
  })
  expect(home.ctx.config.metricsToken).toBe('planted-secret-0123456789')
  expect(restarted(home).metricsToken).toBe('planted-secret-0123456789')
  const stored = ['', '-wal'].map((end) => readFileSync(`${home.ctx.db.path}${end}`, 'latin1')).join('')
  expect(stored).not.toContain('planted-secret')
  const events = home.ctx.db.read.select().from(auditEvents).all()
  const last = events.find(({ event }) => event === 'server.settings_changed')
  expect(last?.details).toBe(JSON.stringify({ names: 'HEARTHKEEP_METRICS_TOKEN HEARTHKEEP_MAIL_FROM' }))
})

test('what was kept as before is no event', async () => {
  await using home = await testHome()
  await change(home, { HEARTHKEEP_RP_NAME: 'Kept' })
  await change(home, { HEARTHKEEP_RP_NAME: 'Kept' })
  expect(home.ctx.db.read.select().from(auditEvents).all()).toHaveLength(1)
})

test('what this version cannot read counts as not set and stops no start', async () => {
  await using home = await testHome()
  await change(home, { HEARTHKEEP_RP_NAME: 'Kept', HEARTHKEEP_SMTP_URL: 'smtp://mail.example' })
  await plant(home, {
    HEARTHKEEP_OF_TOMORROW: '"1"',
    HEARTHKEEP_QUOTA_BYTES: '"much"',
    HEARTHKEEP_MAIL_FROM: '{',
    HEARTHKEEP_METRICS_TOKEN: '{"sealed":"AAAA"}',
    HEARTHKEEP_TLS: '"proxy"',
  })
  const config = restarted(home)
  expect(config.unusable.sort()).toEqual([
    'HEARTHKEEP_MAIL_FROM',
    'HEARTHKEEP_METRICS_TOKEN',
    'HEARTHKEEP_OF_TOMORROW',
    'HEARTHKEEP_QUOTA_BYTES',
    'HEARTHKEEP_TLS',
  ])
  expect(config).toMatchObject({ tls: 'local-ca', metricsToken: null, relyingParty: { name: 'Kept' } })
  expect(restarted(home, { HEARTHKEEP_TRUSTED_PROXIES: '10.0.0.1' }).tls).toBe('proxy')
  await change(home, { HEARTHKEEP_QUOTA_BYTES: '5' })
  expect(home.ctx.settings.values.quotaBytes).toBe(5)
})

test('what is kept gives way where it contradicts the environment', async () => {
  await using home = await testHome()
  await change(home, {
    HEARTHKEEP_SNAPSHOT_S3_BUCKET: 'kept',
    HEARTHKEEP_SNAPSHOT_S3_ACCESS_KEY_ID: 'id',
    HEARTHKEEP_SNAPSHOT_S3_SECRET_ACCESS_KEY: 'secret',
  })
  expect(restarted(home).snapshots?.kind).toBe('s3')
  expect(restarted(home, { HEARTHKEEP_SNAPSHOT_DIR: '/mnt' }).snapshots).toEqual({ kind: 'folder', folder: '/mnt' })
})

test('a store that cannot be read does stop the start: with another one everything would seem lost', async () => {
  await using home = await testHome()
  await plant(home, { HEARTHKEEP_BLOBS: '"s3"', HEARTHKEEP_S3_BUCKET: '"kept"' })
  expect(() => restarted(home)).toThrow('HEARTHKEEP_BLOBS')
  expect(restarted(home, { HEARTHKEEP_BLOBS: 'disk' }).blobs.kind).toBe('disk')
})

test('a running server notices what another process has changed', async () => {
  await using home = await testHome()
  const watch = watchKept(home.ctx)
  watch.look()
  await plant(home, { HEARTHKEEP_RP_NAME: '"From beside"' })
  watch.look()
  expect(home.ctx.config.relyingParty.name).toBe('From beside')
  watch.stop()
})

function change({ ctx }: Home, changes: VariableChanges): Promise<void> {
  return changeVariables(ctx, null, changes)
}

async function refusal(work: Promise<unknown>): Promise<string | null> {
  const error = await work.then(() => null).catch((reason) => reason)
  return isProblem(error) ? error.code : null
}

/** What a start in this folder would read now. */
function restarted({ dataFolder }: Home, env: Record<string, string> = {}) {
  return readServerConfig({ HEARTHKEEP_DATA_DIR: dataFolder, ...env })
}

/** Rows as another version, or another process, leaves them. */
async function plant({ ctx }: Home, rows: Record<string, string>): Promise<void> {
  const db = openDatabase({ path: ctx.db.path, migrationsFolder })
  await db.write((tx) => {
    for (const [name, value] of Object.entries(rows))
      tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } }).run()
  })
  db.close()
}
