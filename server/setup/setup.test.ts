import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accounts, auditEvents } from '#db/schema/index.ts'
import { createAccount } from '#server/people/create-account.ts'
import { registrationPolicy } from '#server/people/registration.ts'
import { readWebSession } from '#server/people/web-session.ts'
import { type TestHome, testHome } from '#server/testing.ts'
import { answerStep } from './answer-step.ts'
import { chooseMail } from './choose-mail.ts'
import { claimSetup } from './claim.ts'
import { finishSetup } from './finish-setup.ts'
import { becomeKeeper, makeKeeper } from './make-keeper.ts'
import { nameServer } from './name-server.ts'
import { readSetup } from './read-setup.ts'
import { offerSetupCode, setupCodeFile } from './setup-code.ts'
import { readSetupState } from './state.ts'

const address = '127.0.0.1'
const arrival = { address, userAgent: null, replaces: null, language: 'en' as const }
const mum = { name: 'Mum@Home.test', password: 'a password of some length' }

async function codeOf(home: TestHome, keep = false): Promise<string> {
  return (await offerSetupCode({ ...home.ctx, dataFolder: home.dataFolder }, keep))?.code ?? ''
}

async function claimed(home: TestHome) {
  const claim = await claimSetup(home.ctx, await codeOf(home), address)
  return { claim, address }
}

test('the code is kept as a hash alone, and differs from start to start where a terminal shows it', async () => {
  await using home = await testHome()
  const first = await codeOf(home)
  const second = await codeOf(home)
  expect(first).toMatch(/^(\w{4}-){2}\w{4}$/)
  expect(second).not.toBe(first)
  expect(JSON.stringify(readSetupState(home.ctx.db.read))).not.toContain(second)
  await expect(claimSetup(home.ctx, first, address)).rejects.toMatchObject({ code: 'setup.code_refused' })
  await claimSetup(home.ctx, second.toLowerCase().replaceAll('-', ' '), address)
})

test('without a terminal the code lies in a file for its own user, stays the same, and goes with set-up', async () => {
  await using home = await testHome()
  const path = join(home.dataFolder, setupCodeFile)
  const code = await codeOf(home, true)
  expect(readFileSync(path, 'utf8')).toBe(`${code}\n`)
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(await codeOf(home, true)).toBe(code)
  const claimant = { claim: await claimSetup(home.ctx, code, address), address }
  await makeKeeper(home.ctx, claimant.claim, mum, arrival)
  await finishSetup(home.ctx, claimant, 'invite')
  expect(existsSync(path)).toBe(false)
  expect(await codeOf(home, true)).toBe('')
})

test('wrong codes run out', async () => {
  await using home = await testHome()
  const code = await codeOf(home)
  for (let tries = 0; tries < 20; tries += 1)
    await expect(claimSetup(home.ctx, `WRNG-0000-00${10 + tries}`, address)).rejects.toMatchObject({
      code: 'setup.code_refused',
    })
  await expect(claimSetup(home.ctx, code, address)).rejects.toMatchObject({ code: 'rate.limited' })
})

test('a second browser with the code takes over, and the first is told', async () => {
  await using home = await testHome()
  const code = await codeOf(home)
  const first = await claimSetup(home.ctx, code, address)
  expect(readSetup(home.ctx, first)?.claim).toBe('yours')
  const second = await claimSetup(home.ctx, code, address)
  expect(readSetup(home.ctx, first)?.claim).toBe('another’s')
  expect(readSetup(home.ctx, null)?.claim).toBe('another’s')
  expect(readSetup(home.ctx, second)?.claim).toBe('yours')
  await expect(makeKeeper(home.ctx, first, mum, arrival)).rejects.toMatchObject({ code: 'setup.not_claimed' })
  await expect(finishSetup(home.ctx, { claim: first, address }, 'open')).rejects.toMatchObject({
    code: 'setup.not_claimed',
  })
})

test('there is one keeper, however many ask at once, and whoever asks without the claim is none', async () => {
  await using home = await testHome()
  const { claim } = await claimed(home)
  const asked = ['mum@home.test', 'dad@home.test', 'eve@home.test'].map((name) =>
    makeKeeper(home.ctx, claim, { ...mum, name }, arrival),
  )
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(
    home.ctx.db.read
      .select()
      .from(accounts)
      .all()
      .map(({ role, language }) => [role, language]),
  ).toEqual([['admin', 'en']])
  await expect(makeKeeper(home.ctx, null, mum, arrival)).rejects.toMatchObject({ code: 'setup.not_claimed' })
})

test('somebody who had an account before set-up becomes the keeper by its password', async () => {
  await using home = await testHome()
  await createAccount(home.ctx, { email: 'mum@home.test', password: mum.password }, null)
  const { claim } = await claimed(home)
  const wrong = { ...mum, password: 'another password' }
  await expect(becomeKeeper(home.ctx, claim, wrong, arrival)).rejects.toMatchObject({ code: 'auth.failed' })
  const token = await becomeKeeper(home.ctx, claim, mum, arrival)
  expect(await readWebSession(home.ctx, token)).toMatchObject({ name: 'mum@home.test', role: 'admin' })
})

test('set-up ends once, in a race too, and everything about it refuses from then on', async () => {
  await using home = await testHome()
  const code = await codeOf(home)
  const claimant = { claim: await claimSetup(home.ctx, code, address), address }
  await expect(finishSetup(home.ctx, claimant, 'invite')).rejects.toMatchObject({ code: 'setup.unfinished' })
  await makeKeeper(home.ctx, claimant.claim, mum, arrival)
  const ends = await Promise.allSettled([
    finishSetup(home.ctx, claimant, 'invite'),
    finishSetup(home.ctx, claimant, 'open'),
  ])
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  expect(registrationPolicy(home.ctx.settings)).toBe('invite')
  expect(home.ctx.settings.values.setUpAt).toBeGreaterThan(0)
  expect(readSetup(home.ctx, claimant.claim)).toBeNull()
  const closed = { code: 'setup.closed' }
  await expect(claimSetup(home.ctx, code, address)).rejects.toMatchObject(closed)
  await expect(makeKeeper(home.ctx, claimant.claim, mum, arrival)).rejects.toMatchObject(closed)
  await expect(becomeKeeper(home.ctx, claimant.claim, mum, arrival)).rejects.toMatchObject(closed)
  await expect(answerStep(home.ctx, claimant, 'storage', {})).rejects.toMatchObject(closed)
  await expect(nameServer(home.ctx, claimant, { hostname: 'x.local', tls: 'local-ca' })).rejects.toMatchObject(closed)
  await expect(chooseMail(home.ctx, claimant, null)).rejects.toMatchObject(closed)
  const told = home.ctx.db.read
    .select()
    .from(auditEvents)
    .all()
    .map(({ event }) => event)
  expect(told.filter((event) => event === 'server.set_up')).toHaveLength(1)
})

test('answers hold at once, and go on from where they were after a restart', async () => {
  await using home = await testHome()
  const claimant = await claimed(home)
  await makeKeeper(home.ctx, claimant.claim, mum, arrival)
  await nameServer(home.ctx, claimant, { hostname: 'Hearth.Local', tls: 'local-ca' })
  expect(home.ctx.config.hostname).toBe('hearth.local')
  const mail = { host: 'smtp.example', port: 587, user: 'a@b.c', password: 'p%:@/ ü', from: 'a@b.c' }
  await chooseMail(home.ctx, claimant, { ...mail, security: 'starttls' })
  expect(home.ctx.config.mail?.smtpUrl).toBe('smtp://a%40b.c:p%25%3A%40%2F%20%C3%BC@smtp.example:587?requireTLS=true')
  expect(readSetup(home.ctx, claimant.claim)).toMatchObject({ done: ['keeper', 'name', 'mail'], next: 'storage' })
})

test('what is no name, no certificate or no mail server is refused, and changes nothing', async () => {
  await using home = await testHome()
  const claimant = await claimed(home)
  const before = home.ctx.config.hostname
  const bad = nameServer(home.ctx, claimant, { hostname: 'not a name', tls: 'local-ca' })
  await expect(bad).rejects.toMatchObject({ code: 'config.refused' })
  const files = { certificate: join(home.dataFolder, 'none.pem'), key: join(home.dataFolder, 'none.key') }
  const none = nameServer(home.ctx, claimant, { hostname: 'hearth.local', tls: 'files', ...files })
  await expect(none).rejects.toMatchObject({ code: 'certificate.unusable' })
  const proxy = { hostname: 'hearth.local', tls: 'proxy' as const, publicUrl: 'ftp://x', proxies: '127.0.0.1' }
  await expect(nameServer(home.ctx, claimant, proxy)).rejects.toMatchObject({ code: 'config.refused' })
  expect(home.ctx.config).toMatchObject({ hostname: before, tls: 'local-ca', publicUrl: null })
  expect(readSetup(home.ctx, claimant.claim)?.done).toEqual([])
})

test('what the environment says stays, and is no reason to refuse the rest', async () => {
  await using home = await testHome({ HEARTHKEEP_HOSTNAME: 'pinned.example', HEARTHKEEP_REGISTRATION: 'closed' })
  const claimant = await claimed(home)
  await makeKeeper(home.ctx, claimant.claim, mum, arrival)
  await nameServer(home.ctx, claimant, { hostname: 'other.local', tls: 'local-ca' })
  expect(home.ctx.config.hostname).toBe('pinned.example')
  await finishSetup(home.ctx, claimant, 'open')
  expect(registrationPolicy(home.ctx.settings)).toBe('closed')
})
