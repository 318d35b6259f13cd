import { expect, test } from 'vitest'
import { guesses as guessTable } from '#db/schema/index.ts'
import { Problem } from '#server/kit/problem.ts'
import { listEvents } from '#server/notices/list-events.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { guessStore } from './guess-store.ts'
import { Guesses } from './guesses.ts'
import { isKnownAddress } from './known-places.ts'
import { liftLockout, liftLockoutsOf, listLockouts } from './lockouts.ts'
import { proveByPassword } from './prove-again.ts'
import { recordSignIn } from './record-sign-in.ts'
import { resetPassword } from './reset-password.ts'
import { signIn } from './sign-in.ts'
import { readAccount, updatePasswordHash } from './store.ts'

const home1 = '192.168.1.7'
const stranger = (n: number) => `10.0.${Math.floor(n / 250)}.${(n % 250) + 1}`
const day = 24 * 3_600_000

/** Somebody with a password that costs nothing to verify, wrongly guessed from wherever. */
async function person(home: TestHome) {
  const id = home.account()
  const hash = await home.ctx.passwords.hash('right one')
  updatePasswordHash(home.ctx.db.read, id, hash)
  const name = readAccount(home.ctx.db.read, id)?.username ?? ''
  const enter = (password: string, address: string) => signIn(home.ctx, name, password, address)
  const comeFrom = (address: string) =>
    home.ctx.db.write((tx) => recordSignIn(home.ctx, tx, { accountId: id, address, userAgent: null, by: 'app' }))
  return { id, name, enter, comeFrom }
}

const wrong = async () => Promise.reject(new Problem('auth.failed'))

/** Guess without the cost of hashing. */
async function guess(home: TestHome, subject: string, times: number, address = home1) {
  for (let n = 0; n < times; n++) await home.ctx.guesses.guard(subject, address, wrong).catch(() => {})
}

/** A hundred wrong guesses from a hundred places. */
async function besiege(home: TestHome, subject: string, times = 100) {
  for (let n = 0; n < times; n++)
    await home.ctx.guesses.guard(subject, stranger(n), wrong, { rule: 'anywhere' }).catch(() => {})
}

/** What a server that starts now would know. */
const afterRestart = ({ ctx, clock }: TestHome) => new Guesses(clock, guessStore(ctx.db))

test('a restart forgives nobody', async () => {
  await using home = await testHome()
  const { id } = await person(home)
  await guess(home, id, 20)
  await home.ctx.guesses.settle()
  expect(() => afterRestart(home).check(id, home1)).toThrow('Too many requests')
  afterRestart(home).check(id, '192.168.1.8')
  home.clock.move(15 * 60_000)
  afterRestart(home).check(id, home1)
})

test('what strangers typed for a name is not written down', async () => {
  await using home = await testHome()
  await guess(home, 'my-secret-password', 20)
  await home.ctx.guesses.settle()
  expect(() => afterRestart(home).check('my-secret-password', home1)).toThrow()
  const [found] = listLockouts(home.ctx, home.ctx.db.read)
  expect(found).toMatchObject({ what: 'password', account: null, address: home1, wrong: 20 })
  expect(JSON.stringify(home.ctx.db.read.select().from(guessTable).all())).not.toContain('secret')
})

test('a hundred wrong passwords a day lock strangers out, and leave the owner where they are known', async () => {
  await using home = await testHome({ HEARTHKEEP_RATE_LIMIT: 'on' })
  const { id, enter, comeFrom } = await person(home)
  await comeFrom(home1)
  await besiege(home, id, 99)
  await expect(enter('wrong', stranger(99))).rejects.toMatchObject({ code: 'auth.failed' })
  await expect(enter('right one', stranger(200))).rejects.toMatchObject({
    code: 'rate.limited',
    headers: { 'Retry-After': String(86_400) },
  })
  expect((await enter('right one', home1)).id).toBe(id)
  const events = listEvents(home.ctx.db.read, id, { before: null, limit: 10 })
  expect(events.filter(({ event }) => event === 'session.locked')).toHaveLength(1)
  home.clock.move(day)
  expect((await enter('right one', stranger(200))).id).toBe(id)
})

test('a name that nobody has is locked in the same way', async () => {
  await using home = await testHome()
  await besiege(home, 'nobody@home.test')
  await expect(signIn(home.ctx, 'nobody@home.test', 'x', stranger(200))).rejects.toMatchObject({ code: 'rate.limited' })
})

test('an app with an old password at a known place locks nobody out elsewhere', async () => {
  await using home = await testHome()
  const { id, enter, comeFrom } = await person(home)
  await comeFrom(home1)
  for (let n = 0; n < 21; n++) await enter('old one', home1).catch(() => {})
  await expect(enter('right one', home1)).rejects.toMatchObject({ code: 'rate.limited' })
  expect((await enter('right one', stranger(1))).id).toBe(id)
})

test('the keeper lifts a lock while the server runs, and wrong guesses count anew', async () => {
  await using home = await testHome()
  const { id, enter } = await person(home)
  await besiege(home, id)
  await guess(home, id, 20)
  await home.ctx.guesses.settle()
  expect(
    listLockouts(home.ctx, home.ctx.db.read).map(({ what, address, account }) => [what, address, account?.id]),
  ).toEqual(
    expect.arrayContaining([
      ['password', null, id],
      ['password', home1, id],
    ]),
  )
  const account = readAccount(home.ctx.db.read, id)
  if (!account) throw new Error('gone')
  expect(await liftLockoutsOf(home.ctx, account, null)).toBe(2)
  expect(listLockouts(home.ctx, home.ctx.db.read)).toEqual([])
  expect((await enter('right one', home1)).id).toBe(id)
  await guess(home, id, 20)
  await home.ctx.guesses.settle()
  expect(() => home.ctx.guesses.check(id, home1)).toThrow()
  expect(() => afterRestart(home).check(id, home1)).toThrow()
  expect(listEvents(home.ctx.db.read, id, { before: null, limit: 50 }).map(({ event }) => event)).toContain(
    'session.lifted',
  )
})

test('a lock is lifted once, by its key, and says by whom', async () => {
  await using home = await testHome()
  const { id } = await person(home)
  await guess(home, `recovery ${id}`, 20)
  await home.ctx.guesses.settle()
  const [found] = listLockouts(home.ctx, home.ctx.db.read)
  expect(found).toMatchObject({ what: 'recovery', account: { id } })
  const by = { accountId: 'keeper', address: '192.168.1.2' }
  await liftLockout(home.ctx, found?.key ?? '', by)
  home.ctx.guesses.check(`recovery ${id}`, home1)
  await expect(liftLockout(home.ctx, found?.key ?? '', by)).rejects.toMatchObject({ code: 'not_found' })
  const [lifted] = listEvents(home.ctx.db.read, id, { before: null, limit: 1 })
  expect(lifted).toMatchObject({ event: 'session.lifted', address: '192.168.1.2', details: { by: 'keeper' } })
})

test('a flood of made-up names does not wash away who is being attacked', async () => {
  await using home = await testHome()
  const { id } = await person(home)
  const guesses = new Guesses(home.clock)
  for (let n = 0; n < 100; n++) await guesses.guard(id, '', wrong, { rule: 'anywhere' }).catch(() => {})
  for (let n = 0; n < 21_000; n++) await guesses.guard(`made up ${n}`, home1, wrong).catch(() => {})
  expect(() => guesses.check(id, '', 'anywhere')).toThrow()
})

test('a changed password makes no place known but the one it was changed at', async () => {
  await using home = await testHome({ HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9', HEARTHKEEP_MAIL_FROM: 'a@home.test' })
  const { id, name, comeFrom } = await person(home)
  for (const address of [home1, stranger(1)]) await comeFrom(address)
  const { issueResetCode } = await import('./reset-codes.ts')
  const code = await home.ctx.db.write((tx) => issueResetCode(home.ctx, tx, id))
  await resetPassword(home.ctx, { name, code, password: 'another one' }, home1)
  expect(isKnownAddress(home.ctx, home.ctx.db.read, id, home1)).toBe(true)
  expect(isKnownAddress(home.ctx, home.ctx.db.read, id, stranger(1))).toBe(false)
})

test('whoever stole an open laptop has a hundred tries a day at the password, from wherever', async () => {
  await using home = await testHome()
  const { id } = await person(home)
  for (let n = 0; n < 100; n++)
    await home.ctx.guesses.guard(`proof ${id}`, stranger(n), wrong, { rule: 'anywhere' }).catch(() => {})
  const thief = { accountId: id, name: '', role: 'member' as const, sessionId: 'theirs', provenAt: 0 }
  await expect(proveByPassword(home.ctx, thief, 'right one', stranger(1))).rejects.toMatchObject({
    code: 'rate.limited',
  })
  await home.ctx.guesses.settle()
  expect(listLockouts(home.ctx, home.ctx.db.read)[0]).toMatchObject({ what: 'proof', account: { id }, address: null })
})
