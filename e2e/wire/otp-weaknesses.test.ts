import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { day, shiftClock, type WallClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { freshEmail, graphql, messagesOf, password, pin, post, signIn, signUp } from '#e2e/support/otp.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'
import { type SmtpServer, startSmtpServer } from '#e2e/support/smtp-server.ts'

/** What otp §6 lists against the original, and what else a stranger may try. */
describe('weaknesses of the original that are not ours (otp §6)', () => {
  let smtp: SmtpServer
  let clock: WallClock
  let server: TestServer
  let url: string
  beforeAll(async () => {
    smtp = await startSmtpServer()
    clock = wallClock()
    server = await startServer({
      env: { HEARTHKEEP_SMTP_URL: smtp.url, HEARTHKEEP_LOG_LEVEL: 'trace', ...clock.env },
      preload: [shiftClock],
    })
    url = server.url
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await smtp?.[Symbol.asyncDispose]()
    clock?.[Symbol.dispose]()
  })

  test('2: nobody reaches what is another’s, whatever they know', async () => {
    const [ada, eve] = [await signUp(url), await signUp(url)]
    const device = await ada.addDevice()
    const otp = (await ada.addOtp(device, 'Okta', 'A')).answer.data.addOtp.id
    const tries: Array<[call: string, message: string]> = [
      [`addOtp(account: "a", secret: "b", device_id: ${device}, password: "${pin}") { id }`, 'Missing device.'],
      [`importOtps(device_id: ${device}, password: "${pin}", uris: []) { id }`, 'Missing device.'],
      [`renameDevice(device_id: ${device}, name: "x") { id }`, 'Unknown device.'],
      [`changeDevicePassword(device_id: ${device}, password: "${pin}", new_password: "x") { id }`, 'Unknown device.'],
      [`deleteDevice(device_id: ${device}) { id }`, 'Unknown device.'],
      [`renameOtp(otp_id: ${otp}, account: "x") { id }`, 'Unknown OTP.'],
      [`deleteOtp(otp_id: ${otp}) { id }`, 'Unknown OTP.'],
    ]
    for (const [call, message] of tries) expect(messagesOf(await eve.ask(`mutation { ${call} }`))).toEqual([message])
    expect(messagesOf(await eve.otps(device))).toEqual(['Unknown device.'])
    expect((await eve.ask('{ devices { id } }')).answer.data.devices).toEqual([])
    expect((await ada.otps(device)).answer.data.otps).toEqual([{ id: otp, account: 'Okta', secret: 'A' }])
  })

  test('3: five wrong PINs lock a device with rate limits off, through a restart and kill -9, and its owner is told', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice('Ada’s phone')
    for (let n = 0; n < 5; n++) expect(messagesOf(await ada.otps(device, `00000${n}`))).toEqual(['Invalid password.'])
    const locked = 'Too many wrong passwords. Try again in 15 minutes.'
    const answer = await ada.otps(device)
    expect([answer.status, answer.answer.data, messagesOf(answer)]).toEqual([200, { otps: null }, [locked]])
    expect(messagesOf(await ada.addOtp(device, 'a', 'b'))).toEqual([locked])

    const mail = await smtp.next(ada.email)
    expect(mail.text).toContain('“Ada’s phone”')
    expect(mail.text).toContain('15 minutes')
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(/hearthkeep_events_total\{event="otp\.device_locked"\} 1/)

    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await server.stop(signal)
      await server.restart()
      url = server.url
      expect(
        messagesOf(await graphql(url, `{ otps(device_id: ${device}, password: "${pin}") { id } }`, {}, ada.token)),
      ).toEqual([locked])
    }
    const again = await signIn(url, ada.email)
    clock.shift(15 * 60_000)
    expect((await again.otps(device)).answer).toEqual({ data: { otps: [] } })
    for (let n = 0; n < 5; n++) await again.otps(device, 'wrong')
    expect(messagesOf(await again.otps(device))).toEqual(['Too many wrong passwords. Try again in 30 minutes.'])
    clock.shift(0)
  })

  test('3: a hundred PINs at once are five tries', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice()
    const tries = await Promise.all(Array.from({ length: 100 }, (_, n) => ada.otps(device, `wrong ${n}`)))
    expect(tries.filter((one) => messagesOf(one)[0] === 'Invalid password.')).toHaveLength(5)
    expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('sixty-four OTPs added to one device at once are all kept', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice()
    const added = await Promise.all(Array.from({ length: 64 }, (_, n) => ada.addOtp(device, `${n}`, `secret ${n}`)))
    expect(added.flatMap(messagesOf)).toEqual([])
    const kept: Array<{ account: string; secret: string }> = (await ada.otps(device)).answer.data.otps
    expect(kept).toHaveLength(64)
    for (const { account, secret } of kept) expect(secret).toBe(`secret ${account}`)
  })

  test('4: no password, PIN, secret, token, address or query is in the log, at any level', async () => {
    const hidden = `S3cret-${randomBytes(8).toString('hex')}`
    const ada = await signUp(url)
    const device = await ada.addDevice('phone', `pin-${hidden}`)
    await ada.addOtp(device, 'Okta', `otp-${hidden}`, `pin-${hidden}`)
    await ada.otps(device, `pin-${hidden}`)
    await ada.otps(device, `wrong-${hidden}`)
    await graphql(url, `mutation { signInUser(email: "${ada.email}", password: "${hidden}") { token } }`)
    await graphql(url, `{ otps(device_id: 1, password: "${hidden}") { nothing } }`)
    await graphql(url, `{ "${hidden}`)
    await post(url, `{"query": "${hidden}`)
    await graphql(url, 'query ($a: Int!) { otps(device_id: $a, password: "x") { id } }', { a: hidden })
    await sleep(300)
    const log = server.log()
    expect(log).toContain('"endpoint":"graphql"')
    for (const one of [hidden, ada.token, ada.email, 'registerUser', 'device_id'])
      expect([one, log.includes(one)]).toEqual([one, false])
  })

  test('5: a session in use stays, one that is not runs out, and no token lies in the database', async () => {
    const ada = await signUp(url)
    const idle = await signIn(url, ada.email)
    for (const days of [100, 200, 300]) {
      clock.shift(days * day)
      await sleep(30)
      expect((await ada.ask('{ devices { id } }')).answer).toEqual({ data: { devices: [] } })
    }
    expect(messagesOf(await idle.ask('{ devices { id } }'))).toEqual(['Authentication required.'])
    clock.shift(0)
    await sleep(30)
    for (const name of readdirSync(server.dataFolder).filter((one) => one.includes('sqlite')))
      expect([name, readFileSync(join(server.dataFolder, name)).includes(ada.token)]).toEqual([name, false])
  })

  test('6: twenty wrong account passwords hold up more, for somebody as for nobody', async () => {
    await using strict = await startServer({ env: { HEARTHKEEP_RATE_LIMIT: 'on' } })
    const ada = await signUp(strict.url)
    const query =
      'mutation ($email: String, $password: String) { signInUser(email: $email, password: $password) { token } }'
    for (const email of [ada.email, freshEmail()]) {
      let answer = await graphql(strict.url, query, { email, password: 'wrong' })
      let tries = 1
      for (; answer.status === 200 && tries < 60; tries++) {
        expect(answer.answer).toEqual({ data: { signInUser: null } })
        answer = await graphql(strict.url, query, { email, password: 'wrong' })
      }
      expect(tries).toBeLessThan(60)
      expect([answer.status, answer.answer.data, messagesOf(answer)]).toEqual([
        429,
        { signInUser: null },
        ['Too many requests'],
      ])
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
    }
    expect((await ada.ask('{ devices { id } }')).status).toBe(200)
  })

  test('8: a bomb of aliases, fields, fragments, tokens or levels is refused before anything runs', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice()
    const wrong = `otps(device_id: ${device}, password: "wrong") { id }`
    const times = (count: number, make: (n: number) => string) =>
      Array.from({ length: count }, (_, n) => make(n)).join(' ')
    const three = 'At most 3 fields that take a password are answered in one request.'
    const bombs: Array<[query: string, message: string | RegExp]> = [
      [`{ ${times(4, (n) => `a${n}: ${wrong}`)} }`, three],
      [`{ ${times(20, (n) => `a${n}: devices { id }`)} }`, /Aliases limit/],
      [`{ ${times(100, (n) => `a${n}: ${wrong}`)} }`, /Token limit/],
      [
        `{ ...f } fragment f on Query { ...g a: ${wrong} b: ${wrong} } fragment g on Query { c: ${wrong} ... on Query { d: ${wrong} } }`,
        three,
      ],
      [`mutation { ${times(4, (n) => `a${n}: signInUser(email: "a", password: "b") { token }`)} }`, three],
      [`{ ${times(5, () => 'devices { user {')} id ${'}'.repeat(10)} }`, 'Query depth limit of 6 exceeded.'],
      [
        '{ devices { ...a } } fragment a on Device { user { ...b } } fragment b on User { devices { user { devices { user { id } } } } }',
        'Query depth limit of 6 exceeded.',
      ],
      [
        '{ devices { ...a } } fragment a on Device { user { devices { ...a } } }',
        /Cannot spread fragment "a" within itself/,
      ],
      [`{ devices { ${times(3000, () => 'id')} } }`, /Token limit/],
      [
        `{ ...f0 } ${times(60, (n) => `fragment f${n} on Query { ...f${n + 1} ...f${n + 1} }`)} fragment f60 on Query { __typename }`,
        /Cost limit/,
      ],
      [`{ devices { id ${times(40, () => '@skip(if: false)')} } }`, /directive/i],
      [`${'{ a '.repeat(900)}`, /Syntax Error/],
      [`{ otps(device_id: ${'['.repeat(1500)}`, /Syntax Error/],
    ]
    for (const [query, message] of bombs) {
      const { status, answer } = await ada.ask(query)
      expect([query.slice(0, 40), status, Object.keys(answer)]).toEqual([query.slice(0, 40), 200, ['errors']])
      expect(answer.errors?.map((error) => error.message).join('\n')).toMatch(message)
    }
    const sameThree = await ada.ask(`{ a: ${wrong} b: ${wrong} c: ${wrong} }`)
    expect(messagesOf(sameThree)).toEqual(Array(3).fill('Invalid password.'))
    expect(messagesOf(await ada.otps(device, 'wrong'))).toEqual(['Invalid password.'])
    expect((await ada.otps(device)).answer).toEqual({ data: { otps: [] } })
  })

  test('8: circles through the types end before they fill the memory', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice()
    await importMany(ada, device, 400)
    const six = '{ devices { otps { device { otps { device { id } } } } } }'
    const { status, answer } = await ada.ask(six)
    expect(status).toBe(200)
    expect(messagesOf({ status, answer, headers: new Headers() })[0]).toBe('The answer is too large.')
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  test('8: a flood of sign-ins is answered 503 with Retry-After, and the server stays awake', async () => {
    const query = 'mutation ($email: String) { signInUser(email: $email, password: "x") { token } }'
    const flood = Array.from({ length: 250 }, (_, n) => graphql(url, query, { email: `${n}@flood` }))
    await sleep(50)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const answers = await Promise.all(flood)
    const busy = answers.filter(({ status }) => status === 503)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]))
    expect([busy[0]?.answer.data, messagesOf(busy[0] as (typeof answers)[number])]).toEqual([
      { signInUser: null },
      ['The server is busy'],
    ])
    expect(busy[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  test('ten thousand OTPs are imported and listed, while the server answers others', async () => {
    const ada = await signUp(url)
    const device = await ada.addDevice('x'.repeat(1024))
    await importMany(ada, device, 10_000)
    const listing = ada.otps(device)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const { answer } = await listing
    expect(answer.errors).toBeUndefined()
    expect(answer.data.otps).toHaveLength(10_000)
    expect(answer.data.otps[9_999]).toMatchObject({
      account: 'Shop 9999:ada',
      secret: 'HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ',
    })
    const nested = await ada.ask('{ devices { otps { id secret } } }')
    expect(nested.answer.data.devices[0].otps).toHaveLength(10_000)

    const names = await ada.ask('{ devices { otps { device { a: name b: name c: name d: name } } } }')
    expect(names.answer).toEqual({ errors: [{ message: 'The answer is too large.' }] })

    const all = 'devices { otps { id secret device { user { devices { id } } } } }'
    const flood = [1, 2, 3, 4].map(() => ada.ask(`{ a: ${all} b: ${all} c: ${all} d: ${all} e: ${all} f: ${all} }`))
    let answeredFlood = 0
    for (const one of flood) one.then(() => answeredFlood++)
    await sleep(50)
    for (let n = 0; n < 5; n++) expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(answeredFlood).toBe(0)
    for (const one of await Promise.all(flood)) expect(messagesOf(one)).toEqual(['The answer is too large.'])
  })

  test('garbage is answered below 500, in the protocol’s envelope', async () => {
    const ada = await signUp(url)
    const types = fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      'text/plain',
      'application/graphql',
      '',
    )
    const words = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      'otps',
      'devices',
      'mutation',
      'query',
      '...',
      'on',
      'User',
      'fragment',
      'f',
      ':',
      '$a',
      '"x"',
      '"""',
      '1',
      '@skip',
      '[',
      ']',
      '!',
      'null',
      'device_id',
      'addOtp',
      '__schema',
      '\u0000',
      '\ud800',
      '#',
    )
    const queries = fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' '))
    const bodies = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.json(),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc
        .record({ query: fc.oneof(queries, fc.anything()), variables: fc.anything(), operationName: fc.anything() })
        .map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))),
      queries.map((query) => JSON.stringify({ query })),
    )
    await fc.assert(
      fc.asyncProperty(bodies, types, async (body, type) => {
        const sent = { method: 'POST', headers: { 'Content-Type': type, Authorization: ada.token }, body }
        const response = await fetch(`${url}/graphql`, sent)
        expect(response.status).toBeLessThan(500)
        const answer = (await response.json()) as { data?: unknown; errors?: unknown }
        expect('data' in answer || Array.isArray(answer.errors)).toBe(true)
      }),
      { numRuns: 400 },
    )
    expect((await ada.ask('{ devices { id } }')).status).toBe(200)
  })

  test('odd texts and numbers in any argument are answered below 500', async () => {
    const ada = await signUp(url)
    const text = fc.oneof(
      fc.constantFrom(
        '',
        ' ',
        '\u0000',
        '\ud800',
        '\u202e',
        '__proto__',
        "'; drop table otps; --",
        'x'.repeat(20_000),
        null,
      ),
      fc.string({ unit: 'binary', maxLength: 40 }),
    )
    const number = fc.oneof(
      fc.integer(),
      fc.constantFrom(0, -1, 2 ** 31 - 1, 2 ** 31, 1.5, Number.MAX_VALUE, '1', null),
    )
    const variables = fc.record({ a: text, b: text, n: number, list: fc.array(text, { maxLength: 3 }) })
    const calls = [
      'mutation ($a: String, $b: String) { registerUser(email: $a, password: $b) { id } }',
      'mutation ($a: String, $b: String) { signInUser(email: $a, password: $b) { token } }',
      'mutation ($a: String, $b: String) { addDevice(name: $a, password: $b) { id } }',
      'mutation ($a: String, $n: Int) { addOtp(account: $a, secret: $a, device_id: $n, password: $a) { id } }',
      'query ($a: String!, $n: Int!) { otps(device_id: $n, password: $a) { id } }',
      'mutation ($a: String!, $n: Int!) { renameDevice(device_id: $n, name: $a) { id } }',
      'mutation ($a: String!, $n: Int!) { renameOtp(otp_id: $n, account: $a) { id } }',
      'mutation ($n: Int!) { deleteDevice(device_id: $n) { id } deleteOtp(otp_id: $n) { id } }',
      'mutation ($a: String!, $b: String!, $n: Int!) { changeDevicePassword(device_id: $n, password: $a, new_password: $b) { id } }',
      'mutation ($a: String!, $n: Int!, $list: [String!]!) { importOtps(device_id: $n, password: $a, uris: $list) { id } }',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...calls), variables, async (query, given) => {
        const { status, answer } = await ada.ask(query, given)
        expect([query, given, status]).toEqual([query, given, 200])
        expect(messagesOf({ status, answer, headers: new Headers() })).not.toContain('Internal server error')
      }),
      { numRuns: 250 },
    )
  })

  test('an account password changed elsewhere ends OTP sessions', async () => {
    const ada = await signUp(url)
    await fetch(`${url}/password/reset`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: ada.email }),
    })
    const code = /reset_code=([0-9a-f]{64})/.exec((await smtp.next(ada.email)).text)?.[1]
    const body = JSON.stringify({ email: ada.email, reset_code: code, password: `${password}!` })
    expect(
      (await fetch(`${url}/password/reset`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }))
        .status,
    ).toBe(200)
    expect(messagesOf(await ada.ask('{ devices { id } }'))).toEqual(['Authentication required.'])
    await signIn(url, ada.email, `${password}!`)
  })
})

type Asks = { ask: Awaited<ReturnType<typeof signIn>>['ask'] }

/** As many as fit into one request at a time. */
async function importMany({ ask }: Asks, device_id: number, count: number): Promise<void> {
  const query =
    'mutation ($device_id: Int!, $uris: [String!]!) { importOtps(device_id: $device_id, password: "123456", uris: $uris) { id } }'
  const all = Array.from(
    { length: count },
    (_, n) => `otpauth://totp/Shop%20${n}:ada?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ`,
  )
  for (let start = 0; start < count; start += 1_000) {
    const { answer } = await ask(query, { device_id, uris: all.slice(start, start + 1_000) })
    if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  }
}
