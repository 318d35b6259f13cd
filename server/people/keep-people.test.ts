import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditEvents, outbox, sessions } from '#db/schema/index.ts'
import { deleteAccounts } from '#server/keeping/delete-accounts.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { changeQuota, changeRole } from './change-rights.ts'
import { createAccount } from './create-account.ts'
import { listInvitations, openInvitation } from './invitations.ts'
import { join } from './join.ts'
import {
  deletePerson,
  disablePerson,
  enablePerson,
  endInvitation,
  invite,
  issueResetLink,
  removePasskeyOf,
  setQuota,
  setRole,
  signOutPerson,
} from './keep-people.ts'
import { keepAccount, leave } from './leave.ts'
import { nudgePerson } from './nudge-person.ts'
import { insertPasskey } from './passkey-store.ts'
import { resetPassword } from './reset-password.ts'
import { disableAccount, enableAccount } from './shut-account.ts'
import { signInByPassword, signInByRecoveryCode } from './sign-in-to-pages.ts'
import { readAccount } from './store.ts'
import { openWebSession, readLeavingSession, readWebSession, type WebActor } from './web-session.ts'

const day = 24 * 3_600_000
const password = 'a password of some length'
const address = '192.168.1.7'
const arrival = { address, userAgent: 'Firefox', replaces: null, language: 'en' as const }

let house: TestHome
let keeper: WebActor
let mum: string
beforeEach(async () => {
  house = await testHome({
    HEARTHKEEP_REGISTRATION: 'invite',
    HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9',
    HEARTHKEEP_MAIL_FROM: 'hearthkeep@home.test',
  })
  await createAccount(house.ctx, { email: 'keeper@home.test', password, role: 'admin' }, null)
  mum = await createAccount(house.ctx, { email: 'mum@home.test', password }, null)
  keeper = await actor('keeper@home.test')
})
afterEach(() => house[Symbol.asyncDispose]())

const enter = (name: string) => signInByPassword(house.ctx, { name, password }, arrival)
async function actor(name: string): Promise<WebActor> {
  const found = await readWebSession(house.ctx, await enter(name))
  if (!found) throw new Error('not signed in')
  return found
}
const account = (id = mum) => readAccount(house.ctx.db.read, id)
const events = (id = mum) =>
  house.ctx.db.read
    .select()
    .from(auditEvents)
    .all()
    .filter(({ accountId }) => accountId === id)
    .map(({ event }) => event)
const subjects = () =>
  house.ctx.db.read
    .select()
    .from(outbox)
    .all()
    .map(({ subject }) => subject)
const refused = { code: 'auth.failed' }
const open = { disabledAt: null, deleteAt: null, shutByKeeper: false }

describe('a person whom the keeper shuts out', () => {
  test('has no session, no way in and no reset link, until they are let in again', async () => {
    const token = await enter('mum@home.test')
    const { link } = await issueResetLink(house.ctx, keeper, mum)
    await disablePerson(house.ctx, keeper, mum)
    expect(await readWebSession(house.ctx, token)).toBeNull()
    expect(readLeavingSession(house.ctx, token)).toBeNull()
    await expect(enter('mum@home.test')).rejects.toMatchObject(refused)
    await expect(
      signInByRecoveryCode(house.ctx, { name: 'mum@home.test', code: 'AAAA-AAAA' }, arrival),
    ).rejects.toMatchObject(refused)
    const code = new URL(link).searchParams.get('reset_code') ?? ''
    const reset = () => resetPassword(house.ctx, { name: 'mum@home.test', code, password: 'another one' }, address)
    await expect(reset()).rejects.toMatchObject({ code: 'reset.refused' })
    await expect(issueResetLink(house.ctx, keeper, mum)).rejects.toMatchObject({ code: 'input.invalid' })

    const visitor = { ...arrival, accountId: mum, by: 'password' as const }
    const late = await house.ctx.db.write((tx) => openWebSession(house.ctx, tx, visitor))
    await enablePerson(house.ctx, keeper, mum)
    expect(account()).toMatchObject(open)
    for (const old of [token, late]) expect(await readWebSession(house.ctx, old)).toBeNull()
    await expect(reset()).rejects.toMatchObject({ code: 'reset.refused' })
    expect(await readWebSession(house.ctx, await enter('mum@home.test'))).toMatchObject({ accountId: mum })
    expect(events()).toEqual(expect.arrayContaining(['account.disabled', 'account.enabled', 'reset.link_issued']))
    expect(subjects()).toEqual(['Your Hearthkeep Account Was Shut', 'Your Hearthkeep Account Is Open Again'])
  })

  test('cannot undo it by a deletion of their own, begun before or after', async () => {
    await leave(house.ctx, await actor('mum@home.test'), address)
    const leaver = readLeavingSession(house.ctx, await enter('mum@home.test'))
    await disablePerson(house.ctx, keeper, mum)
    expect(account()).toMatchObject({ deleteAt: null, shutByKeeper: true })
    if (!leaver) throw new Error('was not leaving')
    await expect(keepAccount(house.ctx, leaver, address)).rejects.toMatchObject({ code: 'account.not_leaving' })
    await expect(enter('mum@home.test')).rejects.toMatchObject(refused)
    house.clock.move(365 * day)
    expect(await deleteAccounts(house.ctx)).toBe(0)
    expect(account()).toBeDefined()
  })

  test('does not come back by an invitation of their own', async () => {
    await setRole(house.ctx, keeper, { personId: mum, role: 'admin' })
    const { code } = await invite(house.ctx, await actor('mum@home.test'), {
      role: 'admin',
      quotaBytes: null,
      uses: 1,
      days: 7,
    })
    await disablePerson(house.ctx, keeper, mum)
    await expect(openInvitation(house.ctx, code, address)).rejects.toMatchObject({ code: 'invitation.refused' })
  })

  test('is not shut out twice, and nobody shuts out themselves', async () => {
    await disablePerson(house.ctx, keeper, mum)
    await disablePerson(house.ctx, keeper, mum)
    expect(events().filter((event) => event === 'account.disabled')).toHaveLength(1)
    for (const work of [disablePerson, deletePerson, signOutPerson, issueResetLink])
      await expect(work(house.ctx, keeper, keeper.accountId)).rejects.toMatchObject({ code: 'input.invalid' })
  })
})

describe('a person whom the keeper has deleted', () => {
  test('cannot call it off, but the keeper can, until it begins', async () => {
    const token = await enter('mum@home.test')
    await deletePerson(house.ctx, keeper, mum)
    expect(readLeavingSession(house.ctx, token)).toBeNull()
    await expect(enter('mum@home.test')).rejects.toMatchObject(refused)
    await enablePerson(house.ctx, keeper, mum)
    expect(account()).toMatchObject(open)
    await enter('mum@home.test')

    await deletePerson(house.ctx, keeper, mum)
    house.clock.move(14 * day)
    await expect(enablePerson(house.ctx, keeper, mum)).rejects.toMatchObject({ code: 'auth.proof_needed' })
    await expect(house.ctx.db.write((tx) => enableAccount(house.ctx, tx, null, mum))).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(house.ctx.db.write((tx) => disableAccount(house.ctx, tx, null, mum))).rejects.toMatchObject({
      code: 'not_found',
    })
    expect(await deleteAccounts(house.ctx)).toBe(1)
    expect(account()).toBeUndefined()
  })

  test('was shut out before and stays so: a deletion opens no door to them', async () => {
    await disablePerson(house.ctx, keeper, mum)
    await deletePerson(house.ctx, keeper, mum)
    await expect(enter('mum@home.test')).rejects.toMatchObject(refused)
    expect(subjects()).toContain('Your Hearthkeep Account Will Be Deleted')
  })

  test('had asked for it themselves: the keeper may call that off too', async () => {
    await leave(house.ctx, await actor('mum@home.test'), address)
    await enablePerson(house.ctx, keeper, mum)
    expect(account()).toMatchObject(open)
    expect(events()).toContain('account.kept')
  })
})

describe('roles and space', () => {
  test('somebody always keeps this server, also when two admins turn on each other at once', async () => {
    const own = { personId: keeper.accountId, role: 'member' as const }
    await expect(setRole(house.ctx, keeper, own)).rejects.toMatchObject({ code: 'account.last_admin' })
    await setRole(house.ctx, keeper, { personId: mum, role: 'admin' })
    const hers = await actor('mum@home.test')
    expect(hers.role).toBe('admin')
    const outcomes = await Promise.allSettled([
      setRole(house.ctx, keeper, { personId: mum, role: 'member' }),
      setRole(house.ctx, hers, own),
      disablePerson(house.ctx, hers, keeper.accountId),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    expect(account(keeper.accountId)).toMatchObject({ role: 'admin', disabledAt: null })
  })

  test('a keeper who was made a member meanwhile can do nothing more', async () => {
    await setRole(house.ctx, keeper, { personId: mum, role: 'admin' })
    const hers = await actor('mum@home.test')
    const { id } = await house.ctx.db.write((tx) => {
      changeRole(house.ctx, tx, null, { personId: mum, role: 'member' })
      return { id: mum }
    })
    const gone = { code: 'not_found' }
    const given = { role: 'admin' as const, quotaBytes: null, uses: 1, days: 1 }
    await expect(setRole(house.ctx, hers, { personId: id, role: 'admin' })).rejects.toMatchObject(gone)
    await expect(setQuota(house.ctx, hers, { personId: id, quotaBytes: 1 })).rejects.toMatchObject(gone)
    await expect(invite(house.ctx, hers, given)).rejects.toMatchObject(gone)
    await expect(endInvitation(house.ctx, hers, 'x')).rejects.toMatchObject(gone)
    await expect(disablePerson(house.ctx, hers, keeper.accountId)).rejects.toMatchObject(gone)
  })

  test('a quota holds from the next upload on and deletes nothing', async () => {
    const slot = house.slot(mum)
    await slot.put(Buffer.alloc(500), 0)
    await setQuota(house.ctx, keeper, { personId: mum, quotaBytes: 400 })
    await expect(slot.put(Buffer.alloc(450), 1)).rejects.toMatchObject({ code: 'quota.exceeded' })
    expect(await slot.get()).toHaveLength(500)
    await house.ctx.db.write((tx) => changeQuota(house.ctx, tx, null, { personId: mum, quotaBytes: null }))
    await slot.put(Buffer.alloc(450), 1)
    expect(events().filter((event) => event === 'account.quota_changed')).toHaveLength(2)
  })
})

describe('ways in', () => {
  test('signing somebody out ends every session of theirs and no other', async () => {
    const tokens = [await enter('mum@home.test'), await enter('mum@home.test')]
    expect(await signOutPerson(house.ctx, keeper, mum)).toBe(2)
    for (const token of tokens) expect(await readWebSession(house.ctx, token)).toBeNull()
    expect(house.ctx.db.read.select().from(sessions).all()).toHaveLength(1)
  })

  test('a lost passkey goes, the last one too; somebody else’s does not', async () => {
    const row = (credentialId: string, accountId: string) => ({
      credentialId,
      accountId,
      publicKey: Buffer.alloc(1),
      algorithm: 'ES256' as const,
      counter: 0,
      rpId: 'localhost',
      label: 'Phone',
      aaguid: '',
      transports: [],
      backupEligible: false,
      backedUp: false,
      createdAt: 0,
      lastUsedAt: null,
    })
    insertPasskey(house.ctx.db.read, row('hers', mum))
    insertPasskey(house.ctx.db.read, row('mine', keeper.accountId))
    await removePasskeyOf(house.ctx, keeper, { personId: mum, credentialId: 'hers' })
    await expect(removePasskeyOf(house.ctx, keeper, { personId: mum, credentialId: 'mine' })).rejects.toMatchObject({
      code: 'passkey.unknown',
    })
  })

  test('an invitation tells who joined by it, and stops when it is revoked', async () => {
    const given = { role: 'member' as const, quotaBytes: 1_000, uses: 3, days: 7 }
    const { code, link } = await invite(house.ctx, keeper, given)
    expect(link).toMatch(new RegExp(`/join/${code}$`))
    await join(house.ctx, { name: 'bob@home.test', password, invitation: code }, arrival)
    const [listed] = listInvitations(house.ctx, house.ctx.db.read)
    expect(listed).toMatchObject({ state: 'good', used: 1, uses: 3, joined: ['bob@home.test'] })
    await endInvitation(house.ctx, keeper, listed?.id ?? '')
    await expect(join(house.ctx, { name: 'eve@home.test', password, invitation: code }, arrival)).rejects.toMatchObject(
      { code: 'invitation.refused' },
    )
  })

  test('all that opens or shuts one wants a fresh proof', async () => {
    house.clock.move(11 * 60_000)
    const given = { role: 'member' as const, quotaBytes: null, uses: 1, days: 1 }
    for (const work of [
      () => invite(house.ctx, keeper, given),
      () => setRole(house.ctx, keeper, { personId: mum, role: 'admin' }),
      () => disablePerson(house.ctx, keeper, mum),
      () => enablePerson(house.ctx, keeper, mum),
      () => deletePerson(house.ctx, keeper, mum),
      () => issueResetLink(house.ctx, keeper, mum),
      () => removePasskeyOf(house.ctx, keeper, { personId: mum, credentialId: 'x' }),
    ])
      await expect((async () => work())()).rejects.toMatchObject({ code: 'auth.proof_needed' })
    expect(account()).toMatchObject({ role: 'member', ...open })
  })
})

test('a reminder goes by mail where there is an address, once a day, and to nobody who is shut out', async () => {
  const nameless = house.account()
  const remind = (personId: string) => nudgePerson(house.ctx, keeper, { personId, devices: ['Phone of mum'] })
  expect(await remind(mum)).toEqual({ byMail: true })
  expect(await remind(nameless)).toEqual({ byMail: false })
  await expect(remind(mum)).rejects.toMatchObject({ code: 'account.nudged_today' })
  expect(subjects()).toEqual(['Please Look at Your Backups'])
  house.clock.move(day)
  await house.ctx.db.write((tx) => disableAccount(house.ctx, tx, null, mum))
  await expect(remind(mum)).rejects.toMatchObject({ code: 'input.invalid' })
})
