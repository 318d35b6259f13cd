import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { said } from '#e2e/support/cloud.ts'
import { failure, freshEmail, password, personOf, register, send } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { resetCodeIn, type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'

let smtp: SmtpServer
let server: TestServer
let url: string
beforeAll(async () => {
  smtp = await startSmtpServer()
  const env = { HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_MAIL_FROM: 'Hearthkeep <keeper@home.example>' }
  server = await startServer({ pages: true, env })
  url = server.url
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await smtp?.[Symbol.asyncDispose]()
})

const done = [200, {}]
const wrongCode = 'Invalid reset code, please request another'
const ask = (email: unknown) => said(send(url, '/password/reset', { method: 'PUT', body: { email } }))
const askByLink = (email: string, method = 'GET') =>
  fetch(`${url}/password/reset/${encodeURIComponent(email)}`, { method })
const reset = (body: unknown) => said(send(url, '/password/reset', { body }))

describe('the way back in (personas §5)', () => {
  test('forget, get the mail, set a new password, fetch the persona on another device', async () => {
    const ada = await register(url)
    await ada.put('work', 'PK zip')
    expect(await ask(ada.email)).toEqual(done)
    const mail = await smtp.next(ada.email, 1_500)
    const reset_code = resetCodeIn(mail)
    expect(await reset({ email: ada.email, reset_code, password: 'brand new' })).toEqual(done)
    expect((await ada.list()).status).toBe(401)
    const elsewhere = personOf(url, ada.email, 'brand new')
    expect(await (await elsewhere.get('work')).text()).toBe('PK zip')
    const notice = await smtp.next(ada.email)
    expect(notice.headers.subject).toBe('Your Hearthkeep Password Was Changed')
    expect(notice.text).not.toContain('reset_code')
  })

  test('the mail says what it is about, in text and HTML, with the link of this server', async () => {
    const { email } = await register(url, `Ada+${freshEmail()}`)
    await ask(email)
    const mail = await smtp.next(email.toLowerCase())
    expect(mail.headers).toMatchObject({ subject: 'You Requested a Password Reset for Hearthkeep' })
    expect([mail.from, mail.recipients]).toEqual(['keeper@home.example', [email.toLowerCase()]])
    const address = encodeURIComponent(email.toLowerCase())
    const link = `${url}/password/reset.html?email=${address}&reset_code=${resetCodeIn(mail)}`
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(email.toLowerCase())
      expect(part).toContain('DID NOT request')
    }
    expect(mail.text).toContain(link)
    expect(mail.html).toContain(`href="${link.replace('&', '&amp;')}"`)
  })

  test('our own page is answered in its language, any other client as ever', async () => {
    const { email } = await register(url)
    const ask = async (headers: Record<string, string>) => {
      const sent = { 'Content-Type': 'application/json', 'Accept-Language': 'de-AT,de;q=0.9', ...headers }
      const body = JSON.stringify({ email })
      expect((await fetch(`${url}/password/reset`, { method: 'PUT', headers: sent, body })).status).toBe(200)
      return (await smtp.next(email)).subject
    }
    expect(await ask({ Origin: url })).toBe('Setze dein Hearthkeep-Passwort zurück')
    expect(await ask({ Origin: 'https://elsewhere.example' })).toBe('You Requested a Password Reset for Hearthkeep')
    expect(await ask({})).toBe('You Requested a Password Reset for Hearthkeep')
  })

  test('the page’s form and the README’s spelling work as well', async () => {
    const ada = await register(url)
    await ask(ada.email)
    const form = new URLSearchParams({
      email: ` ${ada.email.toUpperCase()}`,
      reset_code: resetCodeIn(await smtp.next(ada.email)),
      password: 'first & new',
    })
    expect(await said(send(url, '/password/reset', { body: form }))).toEqual(done)
    expect((await personOf(url, ada.email, 'first & new').list()).status).toBe(200)
    await smtp.next(ada.email)
    await ask(ada.email)
    const code = resetCodeIn(await smtp.next(ada.email))
    expect(await reset({ email: ada.email, code, new_password: 'second' })).toEqual(done)
    expect((await personOf(url, ada.email, 'second').list()).status).toBe(200)
  })

  test('GET mails once in five minutes, HEAD never; neither may be cached', async () => {
    const { email } = await register(url)
    const head = await askByLink(email, 'HEAD')
    expect([head.status, head.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const get = await askByLink(email)
    expect(get.headers.get('cache-control')).toBe('no-store')
    expect(await said(get)).toEqual(done)
    const first = resetCodeIn(await smtp.next(email))
    for (let n = 0; n < 3; n++) expect(await said(askByLink(email))).toEqual(done)
    await sleep(500)
    expect(smtp.received.filter(({ recipients }) => recipients.includes(email))).toHaveLength(1)
    expect(await reset({ email, reset_code: first, password: 'new' })).toEqual(done)
  })

  test('a newer code replaces the older one; each is good once', async () => {
    const { email } = await register(url)
    await ask(email)
    const older = resetCodeIn(await smtp.next(email))
    await ask(email)
    const newer = resetCodeIn(await smtp.next(email))
    const body = { email, password: 'new' }
    expect(await reset({ ...body, reset_code: older })).toEqual(failure([4, 10], wrongCode))
    expect(await reset({ ...body, reset_code: newer })).toEqual(done)
    expect(await reset({ ...body, reset_code: newer })).toEqual(failure([4, 10], wrongCode))
  })

  test('a wrong code is 410 to `reset_code` and 409 to `code`; nobody is answered the same', async () => {
    const { email } = await register(url)
    for (const who of [email, freshEmail()]) {
      const reset_code = 'f'.repeat(64)
      expect(await reset({ email: who, reset_code, password: 'x' })).toEqual(failure([4, 10], wrongCode))
      expect(await reset({ email: who, code: reset_code, new_password: 'x' })).toEqual(failure([4, 9], wrongCode))
      expect(await reset({ email: who, code: reset_code, password: 'x' })).toEqual(failure([4, 9], wrongCode))
      expect(await reset({ email: who, reset_code, new_password: 'x' })).toEqual(failure([4, 10], wrongCode))
    }
    expect((await personOf(url, email).list()).status).toBe(200)
  })

  test.each([
    [{}, 'Empty email parameter'],
    [{ email: ' ', reset_code: 'x', password: 'x' }, 'Empty email parameter'],
    [{ email: 'a@x.org' }, 'Empty reset code parameter'],
    [{ email: 'a@x.org', reset_code: '', code: '', password: 'x' }, 'Empty reset code parameter'],
    [{ email: 'a@x.org', reset_code: 'x' }, 'Empty password parameter'],
    [{ email: 'a@x.org', code: 'x', new_password: '' }, 'Empty password parameter'],
    [{ email: 5, reset_code: 'x', password: 'x' }, 'Missing parameters'],
    [{ email: 'a@x.org', reset_code: ['x'], password: 'x' }, 'Missing parameters'],
    [{ email: 'a@x.org', reset_code: 'x', password: { a: 1 } }, 'Missing parameters'],
  ])('POST %j is 400 %s', async (body, message) => {
    expect(await reset(body)).toEqual(failure([4], message))
  })

  test('PUT and GET without an address are 400', async () => {
    const missing = failure([4], 'Missing email parameter')
    expect(await ask('')).toEqual(missing)
    expect(await ask(undefined)).toEqual(missing)
    expect(await said(send(url, '/password/reset', { method: 'PUT' }))).toEqual(missing)
    expect(await said(askByLink(' '))).toEqual(missing)
    expect(await ask(['a@x.org'])).toEqual(failure([4], 'Missing parameters'))
    expect(await ask('a\r\nBcc: eve@x.org')).toEqual(failure([4], 'Invalid email parameter'))
    expect(await said(askByLink('a\r\nb@x.org'))).toEqual(failure([4], 'Invalid email parameter'))
  })

  test('every other session ends', async () => {
    const { email } = await register(url)
    const session = await said(send(url, '/v1/sessions', { body: { username: email, password } }))
    const { token, refreshToken } = session[1] as { token: string; refreshToken: string }
    const asCloud = () => fetch(`${url}/v1/backup`, { headers: { Authorization: `Bearer ${token}` } })
    expect((await asCloud()).status).toBe(404)
    await ask(email)
    await reset({ email, reset_code: resetCodeIn(await smtp.next(email)), password: 'new' })
    expect((await asCloud()).status).toBe(401)
    expect((await send(url, '/v1/sessions/refresh', { body: { refreshToken } })).status).toBe(401)
  })

  test('nobody gets no mail, nor does a form filled with another’s', async () => {
    const [nobody, { email }] = [freshEmail(), await register(url)]
    expect(await ask(nobody)).toEqual(done)
    expect(await ask(`${email},${nobody}`)).toEqual(done)
    await sleep(300)
    const sent = smtp.received.flatMap(({ recipients }) => recipients)
    expect(sent.filter((one) => one.includes(nobody) || one.includes(email))).toEqual([])
  })
})

test('the page itself is not caught by the API', async () => {
  const answer = await fetch(`${url}/password/reset.html`)
  expect(answer.headers.get('content-type')).not.toMatch(/^application\/json/)
})

test('a mail waits out an SMTP server that is away, and a restart', async () => {
  await using away = await startSmtpServer()
  away.refuseWith({ code: 451, words: 'later' })
  const folder = mkdtempSync(join(tmpdir(), 'hearthkeep-clock-'))
  const shift = join(folder, 'shift')
  const preload = [join(import.meta.dirname, '..', 'support', 'shift-clock.mjs')]
  const env = { HEARTHKEEP_SMTP_URL: away.url, SHIFT_CLOCK_FILE: shift }
  await using patient = await startServer({ env, preload })
  const { email } = await register(patient.url)
  await send(patient.url, '/password/reset', { method: 'PUT', body: { email } })
  await sleep(500)
  expect(away.received).toEqual([])
  await patient.stop('SIGKILL')
  away.refuseWith(null)
  // The wait before the next try outlives a restart, so the clock goes on instead.
  writeFileSync(shift, '30000')
  await patient.restart()
  const reset_code = resetCodeIn(await away.next(email))
  const answer = await send(patient.url, '/password/reset', { body: { email, reset_code, password: 'new' } })
  expect(answer.status).toBe(200)
  rmSync(folder, { recursive: true })
})

test('without SMTP the keeper’s link does the same, for a user name too', async () => {
  await using quiet = await startServer()
  const username = 'grandma_1'
  await send(quiet.url, '/v1/users', { body: { username, password } })
  const run = await hearthkeep(['admin', 'reset-link', username, '--json'], { HEARTHKEEP_DATA_DIR: quiet.dataFolder })
  const link = new URL((JSON.parse(run.stdout) as { link: string }).link)
  const email = link.searchParams.get('email')
  expect([link.origin, email]).toEqual([quiet.url, username])
  expect((await send(quiet.url, '/password/reset', { method: 'PUT', body: { email } })).status).toBe(200)
  const body = { email, reset_code: link.searchParams.get('reset_code'), password: 'new one' }
  expect((await send(quiet.url, '/password/reset', { body })).status).toBe(200)
  expect((await personOf(quiet.url, username, 'new one').list()).status).toBe(200)
})
