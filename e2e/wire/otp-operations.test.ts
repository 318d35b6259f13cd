import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshEmail, graphql, messagesOf, type Phone, password, pin, signIn, signUp } from '#e2e/support/otp.ts'
import { personOf, register } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
let ada: Phone
beforeAll(async () => {
  server = await startServer()
  url = server.url
  ada = await signUp(url)
})
afterAll(() => server?.[Symbol.asyncDispose]())

const anonymous = (query: string, variables = {}) => graphql(url, query, variables)
const refused = (field: string, message: string, column = 12) => ({
  data: { [field]: null },
  errors: [{ message, locations: [{ line: 1, column }], path: [field] }],
})

describe('registerUser (otp §3)', () => {
  const registering = async (given: string, fields = 'email') =>
    (await anonymous(`mutation { registerUser${given} { ${fields} } }`)).answer

  test('answers the address and never the password', async () => {
    const email = freshEmail()
    const answer = await registering(`(email: "${email}", password: "${password}")`, 'id email password devices { id }')
    expect(answer).toEqual({
      data: { registerUser: { id: expect.stringMatching(/^\d+$/), email, password: null, devices: [] } },
    })
  })

  test('an address that is taken, in any letter case and with spaces around it, is said so', async () => {
    for (const email of [ada.email, ada.email.toUpperCase(), `  ${ada.email} `])
      expect(await registering(`(email: "${email}", password: "x")`)).toEqual(
        refused('registerUser', 'User already exists.'),
      )
  })

  test('without e-mail or password it is null and no error', async () => {
    for (const given of [
      '',
      '(email: "a@x.org")',
      '(password: "x")',
      '(email: null, password: "x")',
      '(email: "a@x.org", password: null)',
    ])
      expect(await registering(given)).toEqual({ data: { registerUser: null } })
  })

  test('a blank address, no password or one over 72 bytes is refused, and nothing is made', async () => {
    for (const [email, secret] of [
      ['', 'x'],
      ['  ', 'x'],
      [freshEmail(), ''],
      [freshEmail(), 'ü'.repeat(37)],
      ['a:b@x.org', 'x'],
      ['a\\nb@x.org', 'x'],
    ])
      expect(await registering(`(email: "${email}", password: "${secret}")`, 'id')).toEqual(
        refused('registerUser', 'Invalid parameters.'),
      )
    expect((await registering(`(email: "${freshEmail()}", password: "${'x'.repeat(72)}")`)).errors).toBeUndefined()
  })

  test('of two in one document the first wins, and errors carry the alias', async () => {
    const given = `(email: "${freshEmail()}", password: "x")`
    const { answer } = await anonymous(`mutation { a: registerUser${given} { id } b: registerUser${given} { id } }`)
    expect(answer.data.a.id).toMatch(/^\d+$/)
    expect(answer.data.b).toBeNull()
    expect(answer.errors).toMatchObject([{ message: 'User already exists.', path: ['b'] }])
  })

  test('of many at once one wins', async () => {
    const given = `(email: "${freshEmail()}", password: "x")`
    const all = await Promise.all(Array.from({ length: 8 }, () => registering(given)))
    expect(all.filter(({ data }) => data.registerUser)).toHaveLength(1)
    expect(all.filter(({ errors }) => errors?.[0]?.message === 'User already exists.')).toHaveLength(7)
  })

  test('a house by invitation makes nobody', async () => {
    await using closed = await startServer({ env: { HEARTHKEEP_REGISTRATION: 'invite' } })
    const { answer, status } = await graphql(
      closed.url,
      'mutation { registerUser(email: "a@x.org", password: "x") { id } }',
    )
    expect([status, answer]).toEqual([200, refused('registerUser', 'Registration is closed on this server.')])
  })
})

describe('signInUser (otp §3)', () => {
  const signingIn = async (given: string) =>
    (await anonymous(`mutation { signInUser${given} { token user { id email password } } }`)).answer

  test('a wrong password, nobody’s address and a missing argument are null and no error', async () => {
    for (const given of [
      `(email: "${ada.email}", password: "wrong")`,
      `(email: "${freshEmail()}", password: "x")`,
      '',
      `(email: "${ada.email}")`,
      '(password: "x")',
      `(email: "${ada.email}", password: "")`,
      '(email: "", password: "")',
    ])
      expect([given, await signingIn(given)]).toEqual([given, { data: { signInUser: null } }])
  })

  test('letter case and spaces of the address do not matter; the person keeps one number', async () => {
    const first = await signingIn(`(email: "${ada.email}", password: "${password}")`)
    const second = await signingIn(`(email: " ${ada.email.toUpperCase()}", password: "${password}")`)
    expect(first.data.signInUser.user).toEqual({ id: expect.stringMatching(/^\d+$/), email: ada.email, password: null })
    expect(second.data.signInUser.user).toEqual(first.data.signInUser.user)
    expect(second.data.signInUser.token).not.toBe(first.data.signInUser.token)
  })

  test('one person is one account: made here or by personas, the same password signs in to both', async () => {
    const { email, secret } = await register(url)
    const there = await signIn(url, email, secret)
    expect((await there.ask('{ devices { id } }')).answer).toEqual({ data: { devices: [] } })
    expect((await personOf(url, ada.email, password).list()).status).toBe(200)
    expect(
      (await anonymous(`mutation { registerUser(email: "${email}", password: "x") { id } }`)).answer.errors,
    ).toMatchObject([{ message: 'User already exists.' }])
  })
})

describe('addDevice (otp §3)', () => {
  const adding = async (given: string) => (await ada.ask(`mutation { addDevice${given} { id name } }`)).answer

  test('numbers count up, names may be used twice and be empty', async () => {
    const ids: number[] = []
    for (const name of ['iPhone XS Max', 'iPhone XS Max', '', 'Жужа’s 📱']) {
      const { data } = await adding(`(name: "${name}", password: "${pin}")`)
      expect(data.addDevice.name).toBe(name)
      ids.push(Number(data.addDevice.id))
    }
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  })

  test('without name or password it is null and no error', async () => {
    for (const given of ['', '(name: "x")', '(password: "x")', '(name: null, password: null)'])
      expect(await adding(given)).toEqual({ data: { addDevice: null } })
  })

  test('an empty password is refused, and so is nobody, without a full stop', async () => {
    expect(await adding('(name: "x", password: "")')).toEqual(refused('addDevice', 'Invalid parameters.'))
    for (const given of ['(name: "x", password: "y")', ''])
      expect((await anonymous(`mutation { addDevice${given} { id } }`)).answer).toEqual(
        refused('addDevice', 'Authentication required'),
      )
  })
})

describe('addOtp and otps (otp §3)', () => {
  test('what is stored comes back, whatever it is, ascending by number, with device null', async () => {
    const id = await ada.addDevice()
    const kept: Array<[string, string]> = [
      ['Okta', 'LhBcxADNq0NrcPlxwP5skw'],
      ['Okta', 'schlüssel 🗝 ключ \u0000 "\\'],
      ['', ''],
      ['Žluťoučký', 'otpauth://totp/a?secret=MFRGG'],
      ['long', 'ж'.repeat(4096)],
    ]
    for (const [account, secret] of kept)
      expect((await ada.addOtp(id, account, secret)).answer.data.addOtp).toEqual({
        id: expect.stringMatching(/^\d+$/),
        account,
      })
    const { answer } = await ada.ask(
      `{ otps(device_id: ${id}, password: "${pin}") { id account secret device { id } } }`,
    )
    expect(answer.data.otps.map((otp: { account: string; secret: string }) => [otp.account, otp.secret])).toEqual(kept)
    const ids = answer.data.otps.map((otp: { id: string }) => Number(otp.id))
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    for (const { device } of answer.data.otps) expect(device).toBeNull()
  })

  test('errors come in the order: signed in, parameters, device, password', async () => {
    const id = await ada.addDevice()
    const adding = (given: string, ask: Phone['ask'] = ada.ask) =>
      ask(`mutation { addOtp${given} { id } }`).then(({ answer }) => answer)
    const all = { account: '"a"', secret: '"b"', device_id: String(id), password: `"${pin}"` }
    const say = (change: Partial<typeof all>) =>
      `(${Object.entries({ ...all, ...change })
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')})`
    expect(await adding('', (query) => anonymous(query))).toEqual(refused('addOtp', 'Authentication required.'))
    for (const given of [
      '',
      say({ account: 'null' }),
      say({ secret: 'null' }),
      say({ password: 'null', device_id: '99999' }),
    ])
      expect(await adding(given)).toEqual(refused('addOtp', 'Missing parameters.'))
    for (const device_id of ['99999', '-1', '0', 'null', '2147483647'])
      expect(await adding(say({ device_id, password: '"wrong"' }))).toEqual(refused('addOtp', 'Missing device.'))
    expect(await adding(say({ password: '"wrong"' }))).toEqual(refused('addOtp', 'Invalid password.'))
    for (const device_id of ['"1"', '1.0', '2147483648', 'true'])
      expect(await adding(say({ device_id }))).not.toHaveProperty('data')
    expect((await adding(say({}))).errors).toBeUndefined()
  })

  test('reading says who is not signed in, unknown devices and wrong passwords, always with 200', async () => {
    const id = await ada.addDevice()
    const reading = (deviceId: number, secret = pin) =>
      ada.ask(`{ otps(device_id: ${deviceId}, password: "${secret}") { id } }`)
    expect((await reading(id)).answer).toEqual({ data: { otps: [] } })
    for (const unknown of [99999, -1])
      expect((await reading(unknown)).answer).toEqual(refused('otps', 'Unknown device.', 3))
    const wrong = await reading(id, 'wrong')
    expect([wrong.status, wrong.answer]).toEqual([200, refused('otps', 'Invalid password.', 3)])
    const nobody = await anonymous(`{ otps(device_id: ${id}, password: "${pin}") { id } }`)
    expect([nobody.status, nobody.answer]).toEqual([200, refused('otps', 'Authentication required.', 3)])
    const missing = await ada.ask('{ otps(device_id: 1) { id } }')
    expect(missing.answer).toEqual({
      errors: [
        { message: "Field 'otps' is missing required arguments: password", locations: [{ line: 1, column: 3 }] },
      ],
    })
  })

  test('texts that cannot be kept as they are are refused', async () => {
    const id = await ada.addDevice()
    for (const [account, secret] of [
      ['\ud800', 'x'],
      ['x', '\udfff'],
      ['x'.repeat(2000), 'x'],
      ['x', 'x'.repeat(9000)],
    ] as const)
      expect(messagesOf(await ada.addOtp(id, account, secret))).toEqual(['Invalid parameters.'])
    expect((await ada.otps(id)).answer.data.otps).toEqual([])
  })
})

describe('devices (otp §3)', () => {
  test('one’s own, ascending, nested without a password: the secret is sealed and the master key is null', async () => {
    const bob = await signUp(url)
    expect((await bob.ask('{ devices { id } }')).answer).toEqual({ data: { devices: [] } })
    const [first, second] = [await bob.addDevice('a'), await bob.addDevice('b')]
    await bob.addOtp(first, 'Okta', 'LhBcxADNq0NrcPlxwP5skw')
    const { answer } = await bob.ask(
      '{ devices { id name master_password otps { account secret device { id } } user { email password devices { id } } } }',
    )
    const user = { email: bob.email, password: null, devices: [{ id: String(first) }, { id: String(second) }] }
    expect(answer.data.devices).toEqual([
      {
        id: String(first),
        name: 'a',
        master_password: null,
        user,
        otps: [
          { account: 'Okta', secret: expect.stringMatching(/^[A-Za-z0-9+/]+={0,2}$/), device: { id: String(first) } },
        ],
      },
      { id: String(second), name: 'b', master_password: null, user, otps: [] },
    ])
    const sealed = Buffer.from(answer.data.devices[0].otps[0].secret, 'base64')
    expect(sealed.includes('LhBcxADNq0NrcPlxwP5skw')).toBe(false)
    expect((await anonymous('{ devices { id } }')).answer).toEqual(refused('devices', 'Authentication required.', 3))
  })
})

describe('what is ours', () => {
  test('devices are renamed, get another password and are deleted; the rest stays', async () => {
    const id = await ada.addDevice('old')
    await ada.addOtp(id, 'Okta', 'A')
    expect((await ada.ask(`mutation { renameDevice(device_id: ${id}, name: "new") { id name } }`)).answer).toEqual({
      data: { renameDevice: { id: String(id), name: 'new' } },
    })
    const change = (from: string, to: string) =>
      ada.ask(`mutation { changeDevicePassword(device_id: ${id}, password: "${from}", new_password: "${to}") { id } }`)
    expect(messagesOf(await change('wrong', 'next'))).toEqual(['Invalid password.'])
    expect(messagesOf(await change(pin, ''))).toEqual(['Invalid parameters.'])
    expect((await change(pin, 'next')).answer).toEqual({ data: { changeDevicePassword: { id: String(id) } } })
    expect(messagesOf(await ada.otps(id))).toEqual(['Invalid password.'])
    expect((await ada.otps(id, 'next')).answer.data.otps).toMatchObject([{ secret: 'A' }])
    expect((await ada.ask(`mutation { deleteDevice(device_id: ${id}) { id name } }`)).answer).toEqual({
      data: { deleteDevice: { id: String(id), name: 'new' } },
    })
    expect(messagesOf(await ada.otps(id, 'next'))).toEqual(['Unknown device.'])
    expect(messagesOf(await ada.ask(`mutation { deleteDevice(device_id: ${id}) { id } }`))).toEqual(['Unknown device.'])
    expect(await ada.addDevice()).toBeGreaterThan(id)
  })

  test('OTPs are renamed and deleted', async () => {
    const id = await ada.addDevice()
    const otp = (await ada.addOtp(id, 'Okta', 'A')).answer.data.addOtp.id
    expect((await ada.ask(`mutation { renameOtp(otp_id: ${otp}, account: "Okta 2") { id account } }`)).answer).toEqual({
      data: { renameOtp: { id: otp, account: 'Okta 2' } },
    })
    expect((await ada.otps(id)).answer.data.otps).toEqual([{ id: otp, account: 'Okta 2', secret: 'A' }])
    expect((await ada.ask(`mutation { deleteOtp(otp_id: ${otp}) { id account device { id } } }`)).answer).toEqual({
      data: { deleteOtp: { id: otp, account: 'Okta 2', device: { id: String(id) } } },
    })
    expect((await ada.otps(id)).answer.data.otps).toEqual([])
    for (const call of [`deleteOtp(otp_id: ${otp})`, `renameOtp(otp_id: ${otp}, account: "x")`])
      expect(messagesOf(await ada.ask(`mutation { ${call} { id } }`))).toEqual(['Unknown OTP.'])
  })

  test('otpauth URIs are taken all or none; what is unusual is kept whole', async () => {
    const id = await ada.addDevice()
    const importing = (uris: string[]) =>
      ada.ask(
        'mutation ($device_id: Int!, $password: String!, $uris: [String!]!) { importOtps(device_id: $device_id, password: $password, uris: $uris) { id account } }',
        { device_id: id, password: pin, uris },
      )
    const usual =
      'otpauth://totp/ACME%20Co:john@example.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME%20Co&algorithm=SHA1&digits=6&period=30'
    const unusual = 'otpauth://totp/Ada?secret=MFRGGZDFMY&digits=8&algorithm=SHA256'
    const counted = 'otpauth://hotp/Bank:ada?secret=MFRGGZDFMY&counter=7'
    const coloured = 'otpauth://totp/Shop:ada?secret=MFRGGZDFMY&issuer=Shop&color=red'
    expect(messagesOf(await importing([usual, 'otpauth://totp/x?secret=1']))).toEqual([
      'Invalid otpauth URI at position 2.',
    ])
    expect((await ada.otps(id)).answer.data.otps).toEqual([])
    expect((await importing([])).answer).toEqual({ data: { importOtps: [] } })
    await importing([usual, unusual, counted, coloured])
    expect((await ada.otps(id)).answer.data.otps).toMatchObject([
      { account: 'ACME Co:john@example.com', secret: 'HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ' },
      { account: 'Ada', secret: unusual },
      { account: 'Bank:ada', secret: counted },
      { account: 'Shop:ada', secret: coloured },
    ])
  })

  test('signing out ends that session at once, and no other', async () => {
    const [one, two] = [await signIn(url, ada.email), await signIn(url, ada.email)]
    expect((await one.ask('mutation { signOut }')).answer).toEqual({ data: { signOut: true } })
    expect(messagesOf(await one.ask('{ devices { id } }'))).toEqual(['Authentication required.'])
    expect(messagesOf(await one.ask('mutation { signOut }'))).toEqual(['Authentication required.'])
    expect((await two.ask('{ devices { id } }')).answer.errors).toBeUndefined()
  })

  test('what comes after signing out in one document is nobody’s', async () => {
    const one = await signIn(url, ada.email)
    const said = await one.ask('mutation { signOut addDevice(name: "x", password: "1") { id } }')
    expect(said.answer.data).toEqual({ signOut: true, addDevice: null })
    expect(messagesOf(said)).toEqual(['Authentication required'])
  })
})
