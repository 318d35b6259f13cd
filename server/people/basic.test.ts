import { pbkdf2Sync } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accounts, auditEvents } from '#db/schema/index.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { authenticateBasic } from './basic.ts'
import { createAccount } from './create-account.ts'
import { importPbkdf2 } from './imported-hash.ts'
import { signIn } from './sign-in.ts'
import { insertAccount, readAccount, updatePasswordHash } from './store.ts'

let house: TestHome
let id: string
beforeEach(async () => {
  house = await testHome()
  id = await createAccount(house.ctx, { email: 'ada@x.org', username: 'ada', password: 'pass:word' }, null)
})
afterEach(() => house[Symbol.asyncDispose]())

const peer = { address: '192.168.1.7', secure: true }
const encode = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64')
const come = (header: string | null, from = peer) =>
  authenticateBasic(house.ctx, new Request('http://x/', header ? { headers: { Authorization: header } } : {}), from)
const say = (name: string, password: string, from = peer) => come(`Basic ${encode(`${name}:${password}`)}`, from)

test('either sign-in name will do, in any letter case, with blanks around it', async () => {
  for (const name of ['ada@x.org', ' ADA@X.org ', 'ada', 'ADA']) {
    expect(await say(name, 'pass:word')).toMatchObject({ accountId: id })
  }
})

test.each([
  ['no header', null],
  ['another scheme', `Bearer ${encode('ada:pass:word')}`],
  ['no base64', 'Basic !!!'],
  ['nothing', 'Basic '],
  ['no colon', `Basic ${encode('ada')}`],
  ['an empty name', `Basic ${encode(':pass:word')}`],
  ['an empty password', `Basic ${encode('ada:')}`],
  ['a wrong password', `Basic ${encode('ada:Pass:word')}`],
  ['blanks around the password', `Basic ${encode('ada: pass:word')}`],
  ['nobody’s name', `Basic ${encode('eve@x.org:pass:word')}`],
  ['control characters', `Basic ${encode('ada\r\n:pass:word\0')}`],
])('%s is refused', async (_, header) => {
  await expect(come(header)).rejects.toMatchObject({ code: 'auth.failed' })
})

test('the scheme is written in any case, the credentials in UTF-8 or Latin-1', async () => {
  const other = await createAccount(house.ctx, { email: 'jürgen@x.org', password: 'grün' }, null)
  expect(await come(`bASIC  ${encode('jürgen@x.org:grün')} `)).toMatchObject({ accountId: other })
  expect(await come(`Basic ${encode('jürgen@x.org:grün', 'latin1')}`)).toMatchObject({ accountId: other })
})

test('a verified password costs no second hash for a minute, from any address', async () => {
  const verify = vi.spyOn(house.ctx.passwords, 'verify')
  await say('ada', 'pass:word')
  for (let n = 0; n < 10; n++) await say('ada@x.org', 'pass:word', { ...peer, address: `192.168.1.${n}` })
  expect(verify).toHaveBeenCalledTimes(1)
  house.clock.move(60_000)
  await say('ada', 'pass:word')
  expect(verify).toHaveBeenCalledTimes(2)
})

test('sixteen connections that say the same at once cost one hash', async () => {
  const verify = vi.spyOn(house.ctx.passwords, 'verify')
  const people = await Promise.all(Array.from({ length: 16 }, () => say('ada', 'pass:word')))
  expect(new Set(people.map(({ accountId }) => accountId))).toEqual(new Set([id]))
  expect(verify).toHaveBeenCalledTimes(1)
})

test('wrong passwords are not remembered: each costs its hash, also for nobody', async () => {
  const verify = vi.spyOn(house.ctx.passwords, 'verify')
  for (const name of ['ada', 'nobody'])
    for (let n = 0; n < 3; n++) await expect(say(name, 'same wrong one')).rejects.toThrow()
  expect(verify).toHaveBeenCalledTimes(6)
})

test('a changed password ends what was remembered at once', async () => {
  await say('ada', 'pass:word')
  const changed = await house.ctx.passwords.hash('new one')
  await house.ctx.db.write((tx) => updatePasswordHash(tx, id, changed))
  await expect(say('ada', 'pass:word')).rejects.toMatchObject({ code: 'auth.failed' })
  expect(await say('ada', 'new one')).toMatchObject({ accountId: id })
})

test('a disabled account is refused, remembered or not', async () => {
  await say('ada', 'pass:word')
  await house.ctx.db.write((tx) => tx.update(accounts).set({ disabledAt: 1 }).run())
  await expect(say('ada', 'pass:word')).rejects.toMatchObject({ code: 'auth.failed' })
})

test('after twenty wrong passwords a remembered right one is held up too, so that it cannot be found by guessing', async () => {
  await say('ada', 'pass:word')
  for (let n = 0; n < 20; n++)
    await expect(say(n % 2 ? 'ada' : 'ada@x.org', `guess ${n}`)).rejects.toMatchObject({ code: 'auth.failed' })
  await expect(say('ada', 'pass:word')).rejects.toMatchObject({ code: 'rate.limited' })
  expect(await say('ada', 'pass:word', { ...peer, address: '192.168.1.8' })).toMatchObject({ accountId: id })
})

test('nobody is held up in the same way as somebody', async () => {
  for (let n = 0; n < 20; n++) await expect(say('nobody', `guess ${n}`)).rejects.toMatchObject({ code: 'auth.failed' })
  await expect(say('nobody', 'guess')).rejects.toMatchObject({ code: 'rate.limited' })
})

test('a flood beyond the hashing queue is told to come back', async () => {
  const flood = Array.from({ length: 200 }, (_, n) => say(`nobody${n}`, 'x'))
  const codes = (await Promise.allSettled(flood)).map((one) => one.status === 'rejected' && one.reason.code)
  expect(codes.filter((code) => code === 'server.busy').length).toBeGreaterThan(0)
  expect(codes.filter((code) => code === 'auth.failed').length).toBeGreaterThanOrEqual(130)
})

test('an imported hash is verified once and then replaced by our own', async () => {
  const { ctx } = house
  const salt = Buffer.alloc(66, 3).toString('base64')
  const hash = pbkdf2Sync('old password', salt, 5_000, 66, 'sha1').toString('base64')
  const stored = importPbkdf2(5_000, salt, hash) ?? ''
  const row = { id: ctx.ids.uuid(), email: 'old@x.org', passwordHash: stored, role: 'member' as const, createdAt: 1 }
  await ctx.db.write((tx) => insertAccount(tx, row))
  await expect(say('old@x.org', 'wrong')).rejects.toMatchObject({ code: 'auth.failed' })
  expect(readAccount(ctx.db.read, row.id)?.passwordHash).toBe(stored)
  expect(await say('old@x.org', 'old password')).toMatchObject({ accountId: row.id })
  expect(readAccount(ctx.db.read, row.id)?.passwordHash).toMatch(/^\$argon2id\$/)
  const verify = vi.spyOn(ctx.passwords, 'verify')
  expect(await say('old@x.org', 'old password')).toMatchObject({ accountId: row.id })
  expect(verify).not.toHaveBeenCalled()
  expect((await signIn(ctx, 'OLD@x.org', 'old password', '10.0.0.1')).id).toBe(row.id)
})

test('two devices that are the first after an import, at once, both stand by the same new hash', async () => {
  const { ctx } = house
  const salt = Buffer.alloc(66, 3).toString('base64')
  const hash = pbkdf2Sync('old password', salt, 5_000, 66, 'sha1').toString('base64')
  const passwordHash = importPbkdf2(5_000, salt, hash) ?? ''
  const row = { id: ctx.ids.uuid(), email: 'old@x.org', passwordHash, role: 'member' as const, createdAt: 1 }
  await ctx.db.write((tx) => insertAccount(tx, row))
  const phones = ['192.168.1.2', '192.168.1.3'].map((address) => ({ ...peer, address }))
  const people = await Promise.all(phones.map((phone) => say('old@x.org', 'old password', phone)))
  const kept = readAccount(ctx.db.read, row.id)?.passwordHash
  expect(people.map((person) => person.passwordHash)).toEqual([kept, kept])
})

test('a refusal leaves a line in the activity log, without what was said', async () => {
  await expect(say('ada', 'sEcReT')).rejects.toThrow()
  const events = house.ctx.db.read.select().from(auditEvents).all()
  expect(events.map(({ event, accountId, address }) => [event, accountId, address])).toContainEqual([
    'session.refused',
    id,
    peer.address,
  ])
  expect(JSON.stringify(events)).not.toContain('sEcReT')
})

test('nobody can take an address that is somebody’s user name, or the other way round', async () => {
  await expect(createAccount(house.ctx, { email: 'ada', password: 'x' }, null)).rejects.toMatchObject({
    code: 'account.exists',
  })
  await createAccount(house.ctx, { email: 'nodomain', password: 'x' }, null)
  await expect(createAccount(house.ctx, { username: 'nodomain', password: 'x' }, null)).rejects.toMatchObject({
    code: 'account.exists',
  })
})
