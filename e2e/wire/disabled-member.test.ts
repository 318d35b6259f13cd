import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hearthkeep } from '#e2e/support/cli.ts'
import { postJson, slot } from '#e2e/support/cloud.ts'
import { CloudSlot } from '#e2e/support/disaster-client.ts'
import { objectsOnDisk, partialsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { beginUpload } from '#e2e/support/disaster-streams.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { createBackup, factorsAt, ok } from '#e2e/support/factors.ts'
import { fullMember } from '#e2e/support/full-member.ts'
import { Device } from '#e2e/support/oplog.ts'
import { prove, rsaPair } from '#e2e/support/oplog-proof.ts'
import { graphql, password } from '#e2e/support/otp.ts'
import { send } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())

async function admin(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await hearthkeep(['admin', ...args], { HEARTHKEEP_DATA_DIR: server.dataFolder })
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

type Session = { token: string; refreshToken: string }

async function cloudSignIn(username: string): Promise<Session> {
  return (await (await postJson(url, '/v1/sessions', { username, password })).json()) as Session
}

/** A member with everything open that they can have open, and every door tried: does it let them in? */
async function memberAtEveryDoor() {
  const { email, person, device, backups, phone } = await fullMember(server)
  const mine = await cloudSignIn(email)
  const pair = rsaPair()
  expect((await postJson(url, '/sync/keys', await prove(pair, url), mine.token)).status).toBe(201)
  const log = new Device(server, pair.user)
  expect((await log.send('first')).status).toBe(200)
  let refreshToken = mine.refreshToken
  const isFine = async (answer: Response | Promise<Response>) => (await answer).status < 400
  const asked = async (query: string, token?: string) => {
    const { answer } = await graphql(url, query, { email, password }, token)
    return Object.values(answer.data ?? {}).some((value) => value !== null)
  }
  const bearer = (token: string, path: string, method = 'GET') =>
    isFine(fetch(url + path, { method, headers: { Authorization: `Bearer ${token}` } }))

  /** What somebody gets into by tokens that they hold already. */
  const byToken: Record<string, () => Promise<boolean>> = {
    'slot of a device': () => isFine(backups.get()),
    'slot of a device, writing': () => isFine(backups.put(Buffer.alloc(64), { 'If-Match': '"2"' })),
    'slot of the person': async () => [200, 404].includes((await slot(url, mine.token).get()).status),
    devices: () => bearer(mine.token, '/sync/keys'),
    refresh: async () => {
      const answer = await postJson(url, '/v1/sessions/refresh', { refreshToken })
      if (answer.ok) ({ refreshToken } = (await answer.json()) as Session)
      return answer.ok
    },
    'refresh of a device': async () =>
      isFine(postJson(url, '/v1/sessions/refresh', { refreshToken: device.refreshToken })),
    codes: () => asked('{ devices { id } }', `Bearer ${phone.token}`),
  }
  /** What the password, or a key of theirs, gets them into. */
  const bySecret: Record<string, () => Promise<boolean>> = {
    'personas, remembered for a minute': () => isFine(person.list()),
    'a persona': () => isFine(person.get('keys of mum')),
    'a persona, writing': () => isFine(person.put('keys of mum', 'PK next')),
    'a persona, looking': () => isFine(person.head('photos')),
    'cloud sign-in': () => isFine(postJson(url, '/v1/sessions', { username: email, password })),
    'codes sign-in': () =>
      asked(
        'mutation ($email: String, $password: String) { signInUser(email: $email, password: $password) { token } }',
      ),
    'log, reading': async () => (await log.another().fetch()).status === 200,
    'log, writing': async () => (await log.send('next')).status === 200,
  }
  return { email, person, byToken, bySecret }
}

async function through(doors: Record<string, () => Promise<boolean>>): Promise<string[]> {
  const open: string[] = []
  for (const [name, tryIt] of Object.entries(doors)) if (await tryIt()) open.push(name)
  return open
}

describe('a member whom the keeper shuts out', () => {
  test('gets in by no door of any protocol from that moment on, and by every one again afterwards', async () => {
    const { email, person, byToken, bySecret } = await memberAtEveryDoor()
    expect(await through(byToken)).toEqual(Object.keys(byToken))
    expect(await through(bySecret)).toEqual(Object.keys(bySecret))
    const { link } = JSON.parse(await admin('reset-link', email, '--json')) as { link: string }
    const reset_code = new URL(link).searchParams.get('reset_code')

    expect(await admin('disable', email.toUpperCase())).toContain('Shut out')
    expect(await through({ ...bySecret, ...byToken })).toEqual([])
    const reset = () => send(url, '/password/reset', { body: { email, reset_code, password: 'a brand new one' } })
    expect((await reset()).status).toBe(410)
    // Nobody takes their name meanwhile, and nobody learns more than that a password is wrong.
    expect((await send(url, '/accounts', { body: { email, password: 'somebody else' } })).status).toBe(409)
    expect((await person.list()).status).toBe(401)
    expect(JSON.parse(await admin('people', '--json')).people).toMatchObject([{ email, state: 'disabled' }])

    expect(await admin('enable', email)).toContain('everything is as it was')
    expect(await through(bySecret)).toEqual(Object.keys(bySecret))
    expect(await through(byToken)).toEqual([])
    expect((await reset()).status).toBe(410)
    expect(await (await person.get('keys of mum')).text()).toBe('PK next')
    const back = await cloudSignIn(email)
    expect((await fetch(`${url}/sync/keys`, { headers: { Authorization: `Bearer ${back.token}` } })).status).toBe(200)
  })

  test('and who tries all the time is stopped at once, not within the minute that a password is remembered', async () => {
    const { email, person } = await fullMember(server)
    expect((await person.list()).status).toBe(200)
    let isOver = false
    const answers: number[] = []
    const trying = (async () => {
      while (!isOver) answers.push((await person.list()).status)
    })()
    await admin('disable', email)
    const after = await Promise.all(Array.from({ length: 8 }, () => person.list()))
    isOver = true
    await trying
    expect(after.map(({ status }) => status)).toEqual(Array(8).fill(401))
    expect(answers).toContain(200)
  })

  test('cannot finish an upload either that was on its way', async () => {
    const { email, person, device } = await fullMember(server)
    const slot = new CloudSlot(server, device)
    const kept = objectsOnDisk(server.dataFolder)
    const half = Buffer.alloc(100_000, 'x')
    const toSlot = beginUpload(server, slot, 2 * half.length, 2)
    await toSlot.send(half)
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const writer = writable.getWriter()
    const toPersona = person.put('photos', readable)
    await writer.write(half)
    await until('both are on their way', () => partialsOnDisk(server.dataFolder).length === 2)

    await admin('disable', email)
    await Promise.all([toSlot.send(half), writer.write(half).then(() => writer.close())])
    expect((await toSlot.answer).status).toBe(401)
    expect([(await toPersona).status, await (await toPersona).text()]).toEqual([401, 'Access denied'])
    expect(objectsOnDisk(server.dataFolder)).toEqual(kept)
    expect(partialsOnDisk(server.dataFolder)).toEqual([])
    await admin('enable', email)
    expect((await person.head('photos')).headers.get('etag')).toBe('"1"')
  })

  test('leaves sealed backups alone: those belong to whoever has their passkey or key file', async () => {
    const one = await createBackup(factorsAt(url))
    ok(await factorsAt(url).retrieve(one.main))
  })
})

describe('the keeper at the command line', () => {
  test('sets roles and space, and never leaves the server without an admin', async () => {
    const { email, person } = await fullMember(server)
    expect(await admin('role', email, 'admin')).toContain('admin now')
    const refused = async (...args: string[]) =>
      (await hearthkeep(['admin', ...args], { HEARTHKEEP_DATA_DIR: server.dataFolder })).stderr
    expect(await refused('role', email, 'member')).toContain('the only admin')
    await admin('quota', email, '1KB')
    expect((await person.put('photos', Buffer.alloc(9_000))).status).toBeGreaterThanOrEqual(400)
    await admin('quota', email, 'default')
    expect((await person.put('photos', Buffer.alloc(9_000))).status).toBe(200)
    expect(await admin('people')).toMatch(new RegExp(`${email} .*admin .*open .*last backup`))
  })
})
