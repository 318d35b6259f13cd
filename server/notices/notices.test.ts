import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { accounts, outbox } from '#db/schema/index.ts'
import { recordSignIn } from '#server/people/record-sign-in.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { type AuditEvent, recordEvent } from './audit.ts'
import { countUnread, listUnread, markRead } from './list-notices.ts'
import { mailNotices } from './mail-notices.ts'
import { trimEvents } from './trim-events.ts'

const hour = 3_600_000
const day = 24 * hour
const mail = { HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9', HEARTHKEEP_MAIL_FROM: 'hearthkeep@home.test' }

const happen = ({ ctx }: TestHome, event: AuditEvent) => ctx.db.write((tx) => recordEvent(ctx, tx, event))
const toldTo = ({ ctx }: TestHome, accountId: string) =>
  listUnread(ctx.db.read, accountId, 100).map(({ event }) => event)
const mailsIn = ({ ctx }: TestHome) => ctx.db.read.select().from(outbox).all()

function keeper(home: TestHome): string {
  const id = home.account()
  home.ctx.db.read.update(accounts).set({ role: 'admin' }).where(eq(accounts.id, id)).run()
  return id
}

function named(home: TestHome, email: string): string {
  const id = home.account()
  home.ctx.db.read.update(accounts).set({ email }).where(eq(accounts.id, id)).run()
  return id
}

const comes = ({ ctx }: TestHome, accountId: string, address: string, userAgent: string | null = null) =>
  ctx.db.write((tx) => recordSignIn(ctx, tx, { accountId, address, userAgent, by: 'password' }))

test('somebody’s first place is no news, the second is, and coming back to either is none', async () => {
  await using home = await testHome()
  const id = home.account()
  await comes(home, id, '192.168.1.7', 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0')
  await comes(home, id, '192.168.1.7', 'Mozilla/5.0 (Windows NT 10.0) Firefox/141.0')
  expect(toldTo(home, id)).toEqual([])
  await comes(home, id, '192.168.1.9', 'Mozilla/5.0 (iPhone) Version/18 Safari/1')
  await comes(home, id, '192.168.1.7', 'Mozilla/5.0 (Windows NT 10.0) Firefox/141.0')
  const [told, ...more] = listUnread(home.ctx.db.read, id, 10)
  expect(more).toEqual([])
  expect(told).toMatchObject({ event: 'session.opened', address: '192.168.1.9', details: { from: expect.any(String) } })
})

test('a wrong password or two is one’s own fingers, five within the hour are told, once', async () => {
  await using home = await testHome()
  const id = home.account()
  for (let n = 0; n < 4; n++) await happen(home, { event: 'session.refused', accountId: id, address: `10.0.0.${n}` })
  expect(toldTo(home, id)).toEqual([])
  for (let n = 0; n < 20; n++) await happen(home, { event: 'session.refused', accountId: id, address: `10.0.0.${n}` })
  expect(toldTo(home, id)).toEqual(['session.refused'])
  home.clock.move(hour + 1)
  for (let n = 0; n < 5; n++) await happen(home, { event: 'session.refused', accountId: id })
  expect(toldTo(home, id)).toEqual(['session.refused', 'session.refused'])
})

test('each of several new passkeys is told, but not the first one of whoever has just joined', async () => {
  await using home = await testHome()
  const id = home.account()
  await happen(home, { event: 'passkey.added', accountId: id, details: { label: 'Phone' } })
  expect(toldTo(home, id)).toEqual([])
  home.clock.move(hour + 1)
  for (const label of ['Phone', 'Laptop', 'Laptop'])
    await happen(home, { event: 'passkey.added', accountId: id, details: { label } })
  expect(toldTo(home, id)).toHaveLength(2)
})

test('troubles of the server are told to all who keep it and to nobody else, and a broken disk is one notice', async () => {
  await using home = await testHome()
  const [mum, dad, child] = [keeper(home), keeper(home), home.account()]
  for (let n = 0; n < 50; n++)
    await happen(home, { event: 'object.quarantined', accountId: child, details: { kind: 'cloud', blob: `b${n}` } })
  await happen(home, { event: 'snapshot.failed', accountId: null, details: { reason: 'disk full' } })
  for (const id of [mum, dad]) expect(toldTo(home, id).toSorted()).toEqual(['object.quarantined', 'snapshot.failed'])
  expect(toldTo(home, child)).toEqual([])
})

test('events of a sealed backup that is on nobody’s list are told to nobody', async () => {
  await using home = await testHome()
  await happen(home, { event: 'factors.restored', accountId: 'key of a backup' })
})

test('a notice is taken note of by whom it is for, and by nobody else', async () => {
  await using home = await testHome()
  const [mine, theirs] = [home.account(), home.account()]
  for (const id of [mine, theirs]) await happen(home, { event: 'account.exported', accountId: id })
  const [notice] = listUnread(home.ctx.db.read, theirs, 1)
  await markRead(home.ctx, mine, { ids: [notice?.id ?? ''] })
  expect(countUnread(home.ctx.db.read, theirs)).toBe(1)
  await markRead(home.ctx, mine, { until: home.clock.now() })
  expect([countUnread(home.ctx.db.read, mine), countUnread(home.ctx.db.read, theirs)]).toEqual([0, 1])
})

test('one mail of a kind goes out an hour, with everything that came together', async () => {
  await using home = await testHome(mail)
  const id = named(home, 'ada@home.test')
  for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) await comes(home, id, address)
  expect(await mailNotices(home.ctx)).toBe(1)
  expect(await mailNotices(home.ctx)).toBe(0)
  await comes(home, id, '10.0.0.4')
  expect(await mailNotices(home.ctx)).toBe(0)
  await happen(home, { event: 'account.exported', accountId: id })
  expect(await mailNotices(home.ctx)).toBe(1)
  home.clock.move(hour)
  expect(await mailNotices(home.ctx)).toBe(1)
  expect(mailsIn(home).map(({ recipient }) => recipient)).toEqual(Array(3).fill('ada@home.test'))
})

test('each is mailed in their own language what happened to the house', async () => {
  await using home = await testHome(mail)
  const speaks = { 'mum@home.test': 'de', 'dad@home.test': 'en', 'gran@home.test': null }
  for (const [email, language] of Object.entries(speaks)) {
    const id = keeper(home)
    home.ctx.db.read.update(accounts).set({ email, language }).where(eq(accounts.id, id)).run()
  }
  await happen(home, { event: 'store.unreachable', accountId: null })
  expect(await mailNotices(home.ctx)).toBe(3)
  expect(Object.fromEntries(mailsIn(home).map(({ recipient, subject }) => [recipient, subject]))).toEqual({
    'mum@home.test': 'Hearthkeep erreicht seinen Speicher nicht',
    'dad@home.test': 'Hearthkeep Cannot Reach Its Storage',
    'gran@home.test': 'Hearthkeep Cannot Reach Its Storage',
  })
})

test('without mail nothing waits, and what is a day old is not mailed any more', async () => {
  await using home = await testHome()
  const id = named(home, 'ada@home.test')
  await happen(home, { event: 'account.exported', accountId: id })
  expect(await mailNotices(home.ctx)).toBe(0)
  await using later = await testHome(mail)
  const other = named(later, 'ada@home.test')
  await happen(later, { event: 'account.exported', accountId: other })
  later.clock.move(day)
  expect(await mailNotices(later.ctx)).toBe(0)
})

test('events go after the days that are set, those of security after ninety at least', async () => {
  await using home = await testHome()
  const id = home.account()
  await home.ctx.settings.set({ auditDays: 30 })
  for (let n = 0; n < 1_200; n++) await happen(home, { event: 'log.created', accountId: null })
  for (const event of ['session.refused', 'passkey.added'] as const) await happen(home, { event, accountId: id })
  home.clock.move(29 * day)
  expect(await trimEvents(home.ctx)).toBe(0)
  home.clock.move(2 * day)
  expect(await trimEvents(home.ctx)).toBe(1_200)
  home.clock.move(58 * day)
  expect(await trimEvents(home.ctx)).toBe(0)
  home.clock.move(2 * day)
  expect(await trimEvents(home.ctx)).toBe(2)
})
