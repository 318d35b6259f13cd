import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { accounts, outbox } from '#db/schema/index.ts'
import { deleteAccounts } from '#server/keeping/delete-accounts.ts'
import type { Language } from '#server/kit/language.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { changePassword } from './change-password.ts'
import { startSession } from './cloud-session.ts'
import { createAccount } from './create-account.ts'
import { join } from './join.ts'
import { leave } from './leave.ts'
import { openOtpSession } from './otp-session.ts'
import { rememberLanguage } from './remember-language.ts'
import { requestReset } from './request-reset.ts'
import { signIn } from './sign-in.ts'
import { signInByPassword } from './sign-in-to-pages.ts'
import { readAccount } from './store.ts'
import { readWebSession, type WebActor } from './web-session.ts'

const day = 24 * 3_600_000
const [email, password, address] = ['ada@x.org', 'a password of some length', '192.168.1.7']

let house: TestHome
let id: string
beforeEach(async () => {
  house = await testHome({ HEARTHKEEP_SMTP_URL: 'smtp://127.0.0.1:9' })
  id = await createAccount(house.ctx, { email, password }, null)
})
afterEach(() => house[Symbol.asyncDispose]())

const at = (language: Language) => ({ address, userAgent: 'Firefox', replaces: null, language })
async function enter(language: Language): Promise<WebActor> {
  const found = await readWebSession(
    house.ctx,
    await signInByPassword(house.ctx, { name: email, password }, at(language)),
  )
  if (!found) throw new Error('nobody is signed in')
  return found
}
const known = (accountId = id) => readAccount(house.ctx.db.read, accountId)?.language
const lastSubject = () => house.ctx.db.read.select().from(outbox).all().at(-1)?.subject
const asks = async (language: Language | null) => {
  await requestReset(house.ctx, email, { address, onlyIfQuiet: false, language })
  return lastSubject()
}

test('letters follow the language of the page that somebody signed in at, then the one they chose', async () => {
  expect(known()).toBeNull()
  const actor = await enter('de')
  expect(known()).toBe('de')
  await changePassword(house.ctx, actor, password, address)
  expect(lastSubject()).toBe('Dein Hearthkeep-Passwort wurde geändert')
  await rememberLanguage(house.ctx, id, 'en')
  expect(known()).toBe('en')
  await changePassword(house.ctx, actor, password, address)
  expect(lastSubject()).toBe('Your Hearthkeep Password Was Changed')
})

test('whoever joins is written to in the language of the page they joined at', async () => {
  const token = await join(house.ctx, { name: 'bob@x.org', password, invitation: null }, at('de'))
  const bob = await readWebSession(house.ctx, token)
  expect(known(bob?.accountId)).toBe('de')
})

test('an app that signs in says nothing about what its owner reads', async () => {
  const asApp = async () => {
    await signIn(house.ctx, email, password, address)
    await house.ctx.db.write((tx) => {
      startSession(house.ctx, tx, { accountId: id, deviceId: null, userAgent: 'App de-DE', address })
      openOtpSession(house.ctx, tx, { accountId: id, userAgent: 'App de-DE', address })
    })
  }
  await asApp()
  expect(known()).toBeNull()
  await enter('de')
  await asApp()
  expect(known()).toBe('de')
})

test('a reset mail speaks the account’s language, else that of whoever asks, else English', async () => {
  const [english, german] = ['You Requested a Password Reset for Hearthkeep', 'Setze dein Hearthkeep-Passwort zurück']
  expect(await asks(null)).toBe(english)
  expect(await asks('de')).toBe(german)
  await enter('en')
  expect(await asks('de')).toBe(english)
  await enter('de')
  expect(await asks(null)).toBe(german)
  // Of a newer Hearthkeep, come back by a snapshot.
  await house.ctx.db.write((tx) => tx.update(accounts).set({ language: 'tlh' }).where(eq(accounts.id, id)).run())
  expect(await asks(null)).toBe(english)
})

test('the last letter knows the language too, though the account is gone', async () => {
  await createAccount(house.ctx, { email: 'keeper@x.org', password, role: 'admin' }, null)
  await leave(house.ctx, await enter('de'), address)
  expect(lastSubject()).toBe('Dein Hearthkeep-Konto wird gelöscht')
  house.clock.move(15 * day)
  expect(await deleteAccounts(house.ctx)).toBe(1)
  expect(known()).toBeUndefined()
  expect(lastSubject()).toBe('Dein Hearthkeep-Konto ist gelöscht')
})
