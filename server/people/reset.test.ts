import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accounts, auditEvents, outbox, resetCodes, sessions } from '#db/schema/index.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { createAccount } from './create-account.ts'
import { requestReset } from './request-reset.ts'
import { issueResetCode } from './reset-codes.ts'
import { resetPassword } from './reset-password.ts'
import { signIn } from './sign-in.ts'

let house: TestHome
let id: string
beforeEach(async () => {
  // A port where nothing answers: what is queued stays queued.
  house = await testHome({ HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9' })
  id = await createAccount(house.ctx, { email: 'ada@x.org', password: 'old' }, null)
})
afterEach(() => house[Symbol.asyncDispose]())

const address = '192.168.1.7'
const request = (name: string, onlyIfQuiet = false) => requestReset(house.ctx, name, { address, onlyIfQuiet })
const mails = () => house.ctx.db.read.select().from(outbox).all()
const events = () => house.ctx.db.read.select().from(auditEvents).all()
const issue = () => house.ctx.db.write((tx) => issueResetCode(house.ctx, tx, id))
const reset = (name: string, code: string, password = 'new', from = address) =>
  resetPassword(house.ctx, { name, code, password }, from)
const refused = { code: 'reset.refused', message: 'Invalid reset code, please request another' }

test('a request queues one mail with the code, in one transaction, and nothing in the clear', async () => {
  await request(' ADA@x.org ')
  expect(mails()).toHaveLength(1)
  expect(mails()[0]).toMatchObject({ recipient: 'ada@x.org', attempts: 0 })
  const stored = JSON.stringify([mails(), house.ctx.db.read.select().from(resetCodes).all()])
  expect(stored).not.toContain('reset_code')
  expect(stored).not.toContain('password/reset')
})

test('whoever asks for nobody leaves an event and nothing else', async () => {
  await request('nobody@x.org')
  expect(mails()).toEqual([])
  expect(events().at(-1)).toMatchObject({ event: 'reset.requested', accountId: null })
})

test('a newer request replaces the code, a GET within five minutes does not', async () => {
  const hash = () => house.ctx.db.read.select().from(resetCodes).get()?.codeHash
  await request('ada@x.org')
  const first = hash()
  await request('ada@x.org', true)
  expect([mails().length, hash()]).toEqual([1, first])
  await request('ada@x.org')
  expect(mails()).toHaveLength(2)
  const second = hash()
  expect(second).not.toBe(first)
  house.clock.move(5 * 60_000)
  await request('ada@x.org', true)
  expect(mails()).toHaveLength(3)
  expect(hash()).not.toBe(second)
})

test('nobody’s letter box is filled: ten mails in a quarter of an hour', async () => {
  for (let n = 0; n < 15; n++) await request('ada@x.org')
  expect(mails()).toHaveLength(10)
  house.clock.move(15 * 60_000)
  await request('ada@x.org')
  expect(mails()).toHaveLength(11)
})

test('a disabled account and one without an address get no mail', async () => {
  await createAccount(house.ctx, { username: 'bob', password: 'x' }, null)
  await house.ctx.db.write((tx) => tx.update(accounts).set({ disabledAt: 1 }).where(eq(accounts.id, id)).run())
  await request('ada@x.org')
  await request('bob')
  expect(mails()).toEqual([])
})

test('without SMTP nothing is queued, and the keeper’s link stays good', async () => {
  await using quiet = await testHome()
  const bob = await createAccount(quiet.ctx, { email: 'bob@x.org', password: 'x' }, null)
  const code = await quiet.ctx.db.write((tx) => issueResetCode(quiet.ctx, tx, bob))
  await requestReset(quiet.ctx, 'bob@x.org', { address, onlyIfQuiet: false })
  expect(quiet.ctx.db.read.select().from(outbox).all()).toEqual([])
  await resetPassword(quiet.ctx, { name: 'bob@x.org', code, password: 'new' }, address)
  expect((await signIn(quiet.ctx, 'bob@x.org', 'new', address)).id).toBe(bob)
})

test('a code sets the password once, ends every session and tells the person', async () => {
  const { ctx } = house
  const session = { id: 's', accountId: id, kind: 'web' as const, tokenHash: 't', createdAt: 1, lastSeenAt: 1 }
  await ctx.db.write((tx) =>
    tx
      .insert(sessions)
      .values({ ...session, expiresAt: Number.MAX_SAFE_INTEGER })
      .run(),
  )
  const code = await issue()
  await reset('Ada@x.org', code)
  expect(ctx.db.read.select().from(sessions).all()).toEqual([])
  expect(mails().map(({ subject }) => subject)).toEqual(['Your Hearthkeep Password Was Changed'])
  expect((await signIn(ctx, 'ada@x.org', 'new', address)).id).toBe(id)
  await expect(signIn(ctx, 'ada@x.org', 'old', address)).rejects.toMatchObject({ code: 'auth.failed' })
  await expect(reset('ada@x.org', code)).rejects.toMatchObject(refused)
})

test('a code dies after five wrong tries, and after an hour', async () => {
  const code = await issue()
  for (let n = 0; n < 5; n++) await expect(reset('ada@x.org', 'f'.repeat(64))).rejects.toMatchObject(refused)
  await expect(reset('ada@x.org', code)).rejects.toMatchObject(refused)
  const second = await issue()
  house.clock.move(60 * 60_000)
  await expect(reset('ada@x.org', second)).rejects.toMatchObject(refused)
})

test('of many tries at once no more than five count, and of two right ones one wins', async () => {
  const code = await issue()
  const guesses = Array.from({ length: 10 }, (_, n) => reset('ada@x.org', `${n}`.repeat(64), 'x', `10.0.0.${n}`))
  await Promise.allSettled(guesses)
  expect(house.ctx.db.read.select().from(resetCodes).get()?.attempts).toBe(5)
  await expect(reset('ada@x.org', code)).rejects.toMatchObject(refused)
  const next = await issue()
  const both = await Promise.allSettled([reset('ada@x.org', next, 'one'), reset('ada@x.org', next, 'two')])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('nobody, a wrong code and a disabled account are refused alike, each with a commit of its own', async () => {
  await issue()
  await createAccount(house.ctx, { email: 'off@x.org', password: 'x' }, null)
  await house.ctx.db.write((tx) =>
    tx.update(accounts).set({ disabledAt: 1 }).where(eq(accounts.email, 'off@x.org')).run(),
  )
  for (const name of ['nobody@x.org', 'ada@x.org', 'off@x.org']) {
    const before = events().length
    await expect(reset(name, 'f'.repeat(64))).rejects.toMatchObject(refused)
    expect(events()).toHaveLength(before + 1)
  }
})

test('guessing codes is held up after twenty tries, for somebody as for nobody', async () => {
  for (const name of ['ada@x.org', 'nobody@x.org']) {
    for (let n = 0; n < 20; n++) await expect(reset(name, 'f'.repeat(64))).rejects.toMatchObject(refused)
    await expect(reset(name, 'f'.repeat(64))).rejects.toMatchObject({ code: 'rate.limited' })
  }
})
