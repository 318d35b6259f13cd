import { expect, test } from 'vitest'
import { changeVariables } from '#server/config/kept-variables.ts'
import { createLog } from '#server/kit/log.ts'
import { RecentLines } from '#server/kit/recent-lines.ts'
import { insertAccount } from '#server/people/store.ts'
import { testHome } from '#server/testing.ts'
import { supportText } from './support-text.ts'

test('the text for helpers says how the server is, and nothing that is somebody’s', async () => {
  await using home = await testHome({ HEARTHKEEP_METRICS_TOKEN: 'planted-token-0123456789' })
  const { ctx } = home
  ctx.lines = new RecentLines()
  ctx.log = createLog('info', { lines: ctx.lines, quiet: true })
  await changeVariables(ctx, null, {
    HEARTHKEEP_HOSTNAME: 'planted-name.local',
    HEARTHKEEP_PUBLIC_URL: 'https://planted.example',
    HEARTHKEEP_SMTP_URL: 'smtp://planted:planted@mail.planted.example',
    HEARTHKEEP_MAIL_FROM: 'planted@home.example',
    HEARTHKEEP_SNAPSHOT_DIR: '/mnt/planted',
    HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: 'planted.apps.example',
    HEARTHKEEP_QUOTA_BYTES: '12345',
    HEARTHKEEP_HTTP_PORT: '4999',
  })
  const person = { id: ctx.ids.uuid(), username: 'planted', email: 'planted@home.example', passwordHash: '-' }
  insertAccount(ctx.db.read, { ...person, role: 'member', quotaBytes: null, createdAt: ctx.clock.now() })
  ctx.log.level = 'info'
  const error = Object.assign(new Error('cannot reach planted.example'), { code: 'ECONNREFUSED', path: '/planted' })
  ctx.log.warn({ error, address: '192.0.2.77', name: 'planted' }, 'a mail could not be sent')
  const named = Object.assign(new Error('planted'), { name: 'planted name', code: 'planted/code' })
  ctx.log.error({ error: named }, 'a job failed')
  ctx.log.info({ name: 'planted' }, 'serving')

  const text = await supportText(ctx, { database: 'ok', store: 'failed' })
  expect(text.toLowerCase()).not.toMatch(/planted|192\.0\.2|home\.example/)
  expect(text).not.toContain(home.dataFolder)
  for (const line of [
    'store failed (disk)',
    'accounts: 1',
    'HEARTHKEEP_SMTP_URL: set (kept)',
    'HEARTHKEEP_METRICS_TOKEN: set (environment)',
    'HEARTHKEEP_QUOTA_BYTES: 12345 (kept)',
    'HEARTHKEEP_HTTP_PORT: 4999 (kept, after a restart)',
    'warn a mail could not be sent Error ECONNREFUSED',
    'error a job failed ? ?',
  ])
    expect(text).toContain(line)
})
