import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { graphql, messagesOf, signIn, signUp } from '#e2e/support/otp.ts'
import { writeOriginal } from '#e2e/support/otp-original.ts'
import { startServer } from '#e2e/support/server.ts'

let folder: string
let original: string
let dataFolder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthkeep-otp-import-'))
  original = join(folder, 'production.sqlite3')
  dataFolder = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (path = original) => hearthkeep(['import', 'otp-backup', path], { HEARTHKEEP_DATA_DIR: dataFolder })

function stored<T>(sql: string): T[] {
  const db = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'), { readonly: true })
  const rows = db.prepare(sql).all()
  db.close()
  return rows as T[]
}

const ada = {
  email: 'Ada@x.org',
  password: 'old s3cret',
  devices: [
    {
      name: 'iPhone XS Max',
      pin: '123456',
      otps: [
        ['Okta', 'LhBcxADNq0NrcPlxwP5skw'],
        ['Жужа', 'schlüssel'],
        ['long', 'x'.repeat(300)],
      ] as Array<[string, string]>,
    },
    { name: 'iPhone XS Max', pin: '', otps: [['empty PIN', 'A']] as Array<[string, string]> },
  ],
}

test('people, devices and OTPs come over; passwords and PINs stay, and what protects them is renewed by use', async () => {
  writeOriginal(original, [ada, { email: 'bob@x.org', password: 'bob’s', devices: [] }])
  const first = await run()
  expect(first.stderr).toBe('')
  expect(first.stdout).toBe(
    'Accounts: 2 imported, 0 here already\nDevices: 2 imported, 0 here already\nOTPs: 4 imported\n',
  )
  expect(first.code).toBe(0)
  const hash = () =>
    stored<{ password_hash: string }>("select password_hash from accounts where email = 'ada@x.org'")[0]
  const device = () =>
    stored<{ stretching: string; version: string }>(
      'select stretching, hex(substr(wrapped_key, 1, 1)) version from otp_devices where id = 1',
    )[0]
  const versions = () =>
    stored<{ version: string }>('select hex(substr(secret, 1, 1)) version from otps where device_id = 1').map(
      ({ version }) => version,
    )
  expect(hash()?.password_hash).toMatch(/^\$2a\$12\$/)
  expect(device()).toMatchObject({ stretching: expect.stringMatching(/ln=14,r=8,p=2/), version: '00' })

  await using server = await startServer({ dataFolder })
  const wrong = await graphql(server.url, 'mutation { signInUser(email: "ada@x.org", password: "wrong") { token } }')
  expect(wrong.answer).toEqual({ data: { signInUser: null } })
  const phone = await signIn(server.url, 'Ada@x.org', ada.password)
  expect(hash()?.password_hash).toMatch(/^\$argon2id\$/)
  const { answer } = await phone.ask('{ devices { id name otps { account } user { id email } } }')
  const user = { id: '1', email: 'ada@x.org' }
  expect(answer.data.devices).toEqual([
    { id: '1', name: 'iPhone XS Max', otps: [{ account: 'Okta' }, { account: 'Жужа' }, { account: 'long' }], user },
    { id: '2', name: 'iPhone XS Max', otps: [{ account: 'empty PIN' }], user },
  ])

  expect(messagesOf(await phone.otps(1, '654321'))).toEqual(['Invalid password.'])
  expect(versions()).toEqual(['00', '00', '00'])
  const expected = ada.devices[0]?.otps.map(([account, secret], at) => ({ id: String(at + 1), account, secret }))
  expect((await phone.otps(1)).answer.data.otps).toEqual(expected)
  expect(device()).toMatchObject({ stretching: expect.stringMatching(/ln=15,r=8,p=1/), version: '01' })
  expect(versions()).toEqual(['01', '01', '01'])
  expect((await phone.otps(1)).answer.data.otps).toEqual(expected)
  expect(messagesOf(await phone.otps(1, '654321'))).toEqual(['Invalid password.'])
  expect((await phone.otps(2, '')).answer.data.otps).toMatchObject([{ secret: 'A' }])

  await phone.ask('mutation { deleteDevice(device_id: 2) { id } }')
  const refused = await run()
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Stop it for the import')])
  await server.stop()
  const again = await run()
  expect(again.stdout).toBe(
    'Accounts: 0 imported, 2 here already\nDevices: 0 imported, 2 here already\nOTPs: 0 imported\n',
  )
  await server.restart()
  const later = await signIn(server.url, 'ada@x.org', ada.password)
  expect((await later.otps(1)).answer.data.otps).toEqual(expected)
  expect((await later.ask('{ devices { id } }')).answer.data.devices).toEqual([{ id: '1' }])
})

test('devices go to nobody who took the address before; two spellings of one address are said', async () => {
  const server = await startServer({ dataFolder })
  await signUp(server.url, 'ada@x.org')
  await server[Symbol.asyncDispose]()
  writeOriginal(original, [
    ada,
    { email: 'Bob@x.org', password: 'x', devices: [] },
    { email: 'bob@x.org', password: 'y', devices: [] },
  ])
  const { code, stdout } = await run()
  expect(code).toBe(1)
  expect(stdout).toContain('Accounts: 1 imported, 1 here already\nDevices: 0 imported, 0 here already\n')
  expect(stdout).toContain('"user 1": its account was not made by an import; its devices are left out')
  expect(stdout).toContain('"user 2": user 3 has the same address in other letter case')
})

test('damaged rows are left out and named; the rest comes over', async () => {
  writeOriginal(original, [ada])
  const db = new Sqlite(original)
  db.prepare("update otps set secret = 'short' where id = 2").run()
  db.prepare('update devices set salt = null where id = 2').run()
  db.prepare('update users set password_digest = null').run()
  db.close()
  const { code, stdout } = await run()
  expect([code, stdout]).toEqual([
    1,
    'Accounts: 1 imported, 0 here already\nDevices: 1 imported, 0 here already\nOTPs: 2 imported\n' +
      '1 of the accounts came without a usable password; make their owners a link with: hearthkeep admin reset-link <e-mail>\n' +
      'Not taken over: 2\n  "otp 2": its secret is damaged\n  "device 2": its key is damaged\n',
  ])
})

test('what is no database of the original is said so', async () => {
  const says = async (path: string) => (await run(path)).stderr
  expect(await says(join(folder, 'none'))).toContain('cannot be opened')
  writeFileSync(original, 'no database, but longer than a header of one hundred bytes has to be. '.repeat(4))
  expect(await says(original)).toContain('not an SQLite database')
  rmSync(original)
  new Sqlite(original).exec('create table users (id integer, email varchar, password varchar)').close()
  expect(await says(original)).toContain('The table "users" of the original has no password_digest')
})
