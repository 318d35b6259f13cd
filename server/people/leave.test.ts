import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accounts, auditEvents, blobs, oplogUsers, outbox, personas } from '#db/schema/index.ts'
import { deleteAccounts } from '#server/keeping/delete-accounts.ts'
import { insertUser } from '#server/surfaces/oplog/store.ts'
import { someBytes, type TestHome, testHome } from '#server/testing.ts'
import { changeNames } from './change-names.ts'
import { createAccount } from './create-account.ts'
import { keepAccount, leave } from './leave.ts'
import { issueResetCode } from './reset-codes.ts'
import { resetPassword } from './reset-password.ts'
import { signIn } from './sign-in.ts'
import { signInByPassword } from './sign-in-to-pages.ts'
import { readLeavingSession, readWebSession, type WebActor } from './web-session.ts'

const day = 24 * 3_600_000
const [email, password, address] = ['ada@x.org', 'a password of some length', '192.168.1.7']

let house: TestHome
let id: string
beforeEach(async () => {
  house = await testHome({ HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9' })
  id = await createAccount(house.ctx, { email, password }, null)
})
afterEach(() => house[Symbol.asyncDispose]())

const enter = (name = email, secret = password) =>
  signInByPassword(
    house.ctx,
    { name, password: secret },
    { address, userAgent: null, replaces: null, language: 'en' as const },
  )
async function actor(name = email): Promise<WebActor> {
  const found = await readWebSession(house.ctx, await enter(name))
  if (!found) throw new Error('nobody is signed in')
  return found
}
const account = (accountId = id) => house.ctx.db.read.select().from(accounts).where(eq(accounts.id, accountId)).get()
const mails = () =>
  house.ctx.db.read
    .select()
    .from(outbox)
    .all()
    .map((mail) => mail.subject)
const refused = { code: 'auth.failed' }

describe('deleting one’s account', () => {
  test('shuts every door at once and opens only the way back', async () => {
    const token = await enter()
    await leave(house.ctx, await actor(), address)
    expect(await readWebSession(house.ctx, token)).toBeNull()
    await expect(signIn(house.ctx, email, password, address)).rejects.toMatchObject(refused)
    await expect(enter(email, 'not the password')).rejects.toMatchObject(refused)

    const back = await enter()
    expect(await readWebSession(house.ctx, back)).toBeNull()
    expect(readLeavingSession(house.ctx, back)).toMatchObject({ accountId: id, name: email })
    expect(mails()).toEqual(['Your Hearthkeep Account Will Be Deleted'])
  })

  test('can be called off until it is due, with everything as it was', async () => {
    await leave(house.ctx, await actor(), address)
    house.clock.move(14 * day - 1000)
    await deleteAccounts(house.ctx)
    const back = await enter()
    const leaver = readLeavingSession(house.ctx, back)
    if (!leaver) throw new Error('not leaving')
    await keepAccount(house.ctx, leaver, address)
    expect(await readWebSession(house.ctx, back)).toMatchObject({ accountId: id })
    expect(await signIn(house.ctx, email, password, address)).toMatchObject({ id, disabledAt: null, deleteAt: null })
    await expect(keepAccount(house.ctx, leaver, address)).rejects.toMatchObject({ code: 'account.not_leaving' })
    house.clock.move(30 * day)
    expect(await deleteAccounts(house.ctx)).toBe(0)
  })

  test('cannot be called off once it is due, even if the job has not come by', async () => {
    await leave(house.ctx, await actor(), address)
    const back = await enter()
    const leaver = readLeavingSession(house.ctx, back)
    if (!leaver) throw new Error('not leaving')
    house.clock.move(14 * day)
    expect(readLeavingSession(house.ctx, back)).toBeNull()
    await expect(keepAccount(house.ctx, leaver, address)).rejects.toMatchObject({ code: 'account.not_leaving' })
    await expect(enter()).rejects.toMatchObject(refused)
  })

  test('wants a proof, and somebody left to keep the server', async () => {
    const stale = await actor()
    house.clock.move(10 * 60_000)
    await expect(leave(house.ctx, stale, address)).rejects.toMatchObject({ code: 'auth.proof_needed' })

    await createAccount(house.ctx, { email: 'keeper@x.org', password, role: 'admin' }, null)
    const keeper = await actor('keeper@x.org')
    await expect(leave(house.ctx, keeper, address)).rejects.toMatchObject({ code: 'account.last_admin' })
    await createAccount(house.ctx, { email: 'second@x.org', password, role: 'admin' }, null)
    await leave(house.ctx, keeper, address)
  })

  test('is not what a keeper’s disabling is: nobody comes back from that', async () => {
    house.ctx.db.read.update(accounts).set({ disabledAt: house.clock.now() }).where(eq(accounts.id, id)).run()
    await expect(enter()).rejects.toMatchObject(refused)
    house.clock.move(365 * day)
    expect(await deleteAccounts(house.ctx)).toBe(0)
    expect(account()).toBeDefined()
  })

  test('lets a reset link do nothing meanwhile', async () => {
    const code = await house.ctx.db.write((tx) => issueResetCode(house.ctx, tx, id))
    await leave(house.ctx, await actor(), address)
    const reset = resetPassword(house.ctx, { name: email, code, password: 'another password' }, address)
    await expect(reset).rejects.toMatchObject({ code: 'reset.refused' })
  })
})

describe('when the grace period is over', () => {
  const left = () => ({
    personas: house.ctx.db.read.select().from(personas).all().length,
    logs: house.ctx.db.read
      .select()
      .from(oplogUsers)
      .all()
      .filter((log) => log.deletedAt === null).length,
    objects: house.objectsOnDisk().length,
  })

  async function movedIn(accountId: string, things: number) {
    const { ctx } = house
    for (let at = 0; at < things; at++) {
      const slot = house.slot(accountId)
      await slot.put(someBytes(), at)
      ctx.db.read
        .insert(personas)
        .values({ ...personaRow, accountId, personaId: `p${at}`, blobId: slot.find().blobId })
        .run()
    }
    insertUser(ctx.db.read, { userHash: `of ${accountId}`, accountId, createdAt: 0 })
  }
  const personaRow = { contentType: 'application/zip', version: 1, updatedAt: 0 }

  test('everything goes, and nothing of anybody else’s', async () => {
    const other = house.account()
    await movedIn(id, 3)
    await movedIn(other, 2)
    const before = account(other)
    await leave(house.ctx, await actor(), address)
    house.clock.move(14 * day)
    expect(await deleteAccounts(house.ctx)).toBe(1)
    await house.reap()
    expect(account()).toBeUndefined()
    expect(account(other)).toEqual(before)
    expect(left()).toEqual({ personas: 2, logs: 1, objects: 2 })
    expect(house.ctx.db.read.select().from(blobs).where(eq(blobs.accountId, id)).all()).toEqual([])
    expect(mails()).toContain('Your Hearthkeep Account Is Deleted')
    const events = house.ctx.db.read.select().from(auditEvents).where(eq(auditEvents.accountId, id)).all()
    expect(events.map(({ event }) => event)).toContain('account.deleted')
    expect(events.filter((event) => event.address !== null || event.details !== null)).toEqual([])
    // The name is free again.
    await createAccount(house.ctx, { email, password }, null)
  })

  test('a stop between any two steps is made up for by the next run', async () => {
    await movedIn(id, 2)
    await leave(house.ctx, await actor(), address)
    house.clock.move(14 * day)
    for (let stopAfter = 0, done = false; !done; stopAfter++) {
      let writes = 0
      const failing = {
        ...house.ctx,
        db: Object.create(house.ctx.db, {
          read: { value: house.ctx.db.read },
          write: {
            value: (work: never) => {
              if (writes++ >= stopAfter) throw new Error('killed')
              return house.ctx.db.write(work)
            },
          },
        }),
      }
      done = await deleteAccounts(failing).then(
        () => true,
        () => false,
      )
      expect(stopAfter).toBeLessThan(40)
    }
    await house.reap()
    expect(left()).toEqual({ personas: 0, logs: 0, objects: 0 })
    expect(account()).toBeUndefined()
  })
})

describe('changing one’s names', () => {
  const names = () => [account()?.email, account()?.username]

  test('frees the old one, tells the old address, and ends its reset link', async () => {
    const code = await house.ctx.db.write((tx) => issueResetCode(house.ctx, tx, id))
    await changeNames(house.ctx, await actor(), { email: ' New@X.org ', username: 'Ada_L' }, address)
    expect(names()).toEqual(['new@x.org', 'ada_l'])
    expect(house.ctx.db.read.select().from(outbox).all()).toMatchObject([{ recipient: email }])
    await expect(
      resetPassword(house.ctx, { name: 'new@x.org', code, password: 'another one' }, address),
    ).rejects.toMatchObject({ code: 'reset.refused' })
    await createAccount(house.ctx, { email, password }, null)
    expect(await signIn(house.ctx, 'ADA_L', password, address)).toMatchObject({ id })
  })

  test('takes nobody’s name, not as the other kind either', async () => {
    await createAccount(house.ctx, { email: 'bob@x.org', username: 'bob', password }, null)
    const ada = await actor()
    for (const given of [
      { email: 'bob@x.org', username: '' },
      { email, username: 'BOB' },
    ])
      await expect(changeNames(house.ctx, ada, given, address)).rejects.toMatchObject({ code: 'account.exists' })
    for (const given of [
      { email: '', username: '' },
      { email: 'bob', username: '' },
      { email, username: 'ada@x.org' },
      { email: 'ada\u0000@x.org', username: '' },
    ])
      await expect(changeNames(house.ctx, ada, given, address)).rejects.toMatchObject({ code: 'input.invalid' })
    expect(names()).toEqual([email, null])
  })

  test('leaves an odd name that an app gave as it is', async () => {
    const odd = await createAccount(house.ctx, { email: 'nodomain', password }, null)
    const someone = await actor('nodomain')
    await changeNames(house.ctx, someone, { email: 'nodomain', username: 'odd_one' }, address)
    expect(account(odd)).toMatchObject({ email: 'nodomain', username: 'odd_one' })
  })

  test('wants a proof', async () => {
    const stale = await actor()
    house.clock.move(10 * 60_000)
    await expect(changeNames(house.ctx, stale, { email, username: 'x_y' }, address)).rejects.toMatchObject({
      code: 'auth.proof_needed',
    })
  })
})
