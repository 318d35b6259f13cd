import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { failure, freshEmail, password, personOf, register, send } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())

const taken = 'Email already registered; Reset password or try another email'

describe('POST /accounts (personas §4)', () => {
  test('takes JSON and forms, and the second of one address is 409', async () => {
    const [one, two] = [freshEmail(), freshEmail()]
    expect(await said(send(url, '/accounts', { body: { email: one, password: 'x' } }))).toEqual([200, {}])
    const form = new URLSearchParams({ email: two, password: 'a b&c=é' })
    expect(await said(send(url, '/accounts', { body: form }))).toEqual([200, {}])
    expect((await personOf(url, two, 'a b&c=é').list()).status).toBe(200)
    for (const email of [one, one.toUpperCase(), `  ${one} `, two])
      expect(await said(send(url, '/accounts', { body: { email, password } }))).toEqual(failure([4, 9], taken))
  })

  test.each([
    {},
    { email: 'a@x.org' },
    { password: 'x' },
    { email: '', password: 'x' },
    { email: '  ', password: 'x' },
    { email: 'a@x.org', password: '' },
    { email: 'a@x.org', password: 12345 },
    { email: ['a@x.org'], password: 'x' },
    { email: { a: 1 }, password: 'x' },
    { email: null, password: null },
    [],
  ])('%j is 400', async (body) => {
    expect(await said(send(url, '/accounts', { body }))).toEqual(failure([4], 'Missing parameters'))
  })

  test('no body, another media type, and a field given twice are missing parameters', async () => {
    const missing = failure([4], 'Missing parameters')
    expect(await said(send(url, '/accounts'))).toEqual(missing)
    const text = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: 'email=a&password=b' }
    expect(await said(fetch(`${url}/accounts`, text))).toEqual(missing)
    const twice = new URLSearchParams('email=a&email=b&password=c')
    expect(await said(send(url, '/accounts', { body: twice }))).toEqual(missing)
  })

  const long = `${'a'.repeat(300)}@x.org`
  test.each([long, 'a\r\nBcc: eve@x.org', 'a\0@x.org', 'a\u0085b@x.org', 'a:b@x.org'])(
    '%j is no address',
    async (email) => {
      const answer = await said(send(url, '/accounts', { body: { email, password } }))
      expect(answer).toEqual(failure([4], 'Invalid email parameter'))
    },
  )

  test.each([
    'nodomain',
    '"quoted one"@x.org',
    'dots..in@x.org',
    '../../etc@x.org',
    'a/b@x.org',
    'пётр@пример.рф',
    "o'x@y",
  ])('%j is one, and signs in', async (odd) => {
    const email = `${Math.random()}${odd}`
    const somebody = await register(url, email)
    expect(await said(somebody.list())).toEqual([200, { personas: [] }])
    await somebody.put('p', 'x')
    expect(await (await somebody.get('p')).text()).toBe('x')
  })

  test('letter case and blanks around the address do not matter; those of the password do', async () => {
    const email = freshEmail()
    await register(url, `  ${email.toUpperCase()} `, ' Pass Word ')
    for (const name of [email, email.toUpperCase(), ` ${email}`])
      expect((await personOf(url, name, ' Pass Word ').list()).status).toBe(200)
    expect((await personOf(url, email, 'Pass Word').list()).status).toBe(401)
    expect((await personOf(url, email, ' pass word ').list()).status).toBe(401)
  })

  test('a password may be one character, or have colons, or any script', async () => {
    for (const secret of ['x', ':', 'a:b:c', 'пароль🔑', ' ']) {
      const somebody = await register(url, freshEmail(), secret)
      expect((await somebody.list()).status).toBe(200)
    }
  })

  test('closed registration is 403, for a taken address too', async () => {
    await using closed = await startServer({ env: { HEARTHKEEP_REGISTRATION: 'closed' } })
    expect(await said(send(closed.url, '/accounts', { body: { email: freshEmail(), password } }))).toEqual(
      failure([4, 3], 'Registration is closed on this server'),
    )
  })
})
