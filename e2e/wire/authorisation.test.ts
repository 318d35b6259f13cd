import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addDevice, password, postJson, type Session, slot } from '#e2e/support/cloud.ts'
import { keeper, startKeptServer } from '#e2e/support/keeper.ts'
import * as otp from '#e2e/support/otp.ts'
import { signInToPages } from '#e2e/support/page-actions.ts'
import { basic, personOf, register } from '#e2e/support/personas.ts'
import type { TestServer } from '#e2e/support/server.ts'

/**
 * Every wire route × everything that somebody may show at it (design §6). A route that is not in the table fails, so
 * that whoever adds one says here whom it is for.
 */

/** What opens a route; `proof` and `public` heed no credentials of accounts. */
type Guard = 'public' | 'proof' | 'cloud' | 'basic' | 'graphql'

const factorChallenges = [
  ...['create', 'retrieve', 'verify-factor', 'history', 'restore'].flatMap((what) => [
    `${what}/challenge/passkey`,
    `${what}/challenge/keypair`,
  ]),
  ...['add-sync-factor', 'sync', 'retrieve-metadata', 'delete-factor', 'delete-backup', 'reset'].map(
    (what) => `${what}/challenge/keypair`,
  ),
  'add-factor/challenge',
  'add-main-factor/challenge',
]
const factorDeeds = [
  ...['create', 'retrieve/from-challenge', 'verify-factor', 'add-sync-factor', 'add-factor', 'add-main-factor'],
  ...['retrieve-metadata', 'delete-factor', 'delete-backup', 'reset', 'backup/status', 'history', 'restore'],
]

const table: Record<string, Guard> = {
  ...Object.fromEntries(
    '/health /ready /metrics /docs /openapi.json /openapi.yaml /status'
      .split(' ')
      .map((path) => [`GET ${path}`, 'public']),
  ),
  ...Object.fromEntries(
    [...factorChallenges, ...factorDeeds].flatMap((path) => [
      [`POST /v1/${path}`, 'proof'],
      [`POST /${path}`, 'proof'],
    ]),
  ),
  'GET /.well-known/webauthn': 'public',
  'GET /.well-known/assetlinks.json': 'public',
  'GET /.well-known/apple-app-site-association': 'public',
  // By the one-time code of a picture.
  'POST /connect/pair': 'proof',
  'POST /v1/sync': 'proof',
  // By a public key, which is the address of the log (oplog-sync §1).
  'POST /sync': 'proof',
  'POST /sync/challenge': 'proof',
  'POST /sync/proof': 'proof',
  'POST /sync/link': 'proof',
  'OPTIONS /sync': 'public',
  'OPTIONS /sync/challenge': 'public',
  'OPTIONS /sync/proof': 'public',
  'OPTIONS /sync/link': 'public',
  'GET /sync/keys': 'cloud',
  'POST /sync/keys': 'cloud',
  'PUT /sync/keys/{id}': 'cloud',
  'DELETE /sync/keys/{id}': 'cloud',
  'DELETE /sync/keys/{id}/operations': 'cloud',
  'POST /v1/users': 'public',
  'POST /v1/sessions': 'public',
  'DELETE /v1/sessions': 'cloud',
  'POST /v1/sessions/refresh': 'public',
  'GET /v1/devices': 'cloud',
  'POST /v1/devices': 'cloud',
  'POST /v1/devices/keys': 'cloud',
  'GET /v1/devices/{id}': 'cloud',
  'PUT /v1/devices/{id}': 'cloud',
  'DELETE /v1/devices/{id}': 'cloud',
  'GET /v1/backup': 'cloud',
  'HEAD /v1/backup': 'cloud',
  'POST /v1/backup': 'cloud',
  'GET /v1/backup/history': 'cloud',
  'POST /v1/backup/history/{version}': 'cloud',
  'POST /graphql': 'graphql',
  'POST /accounts': 'public',
  'GET /personas': 'basic',
  'GET /personas/{pid}': 'basic',
  'HEAD /personas/{pid}': 'basic',
  'POST /personas/{pid}': 'basic',
  'DELETE /personas/{pid}': 'basic',
  'GET /personas/{pid}/history': 'basic',
  'POST /personas/{pid}/history/{version}': 'basic',
  'POST /password/reset': 'public',
  'PUT /password/reset': 'public',
  'GET /password/reset/{email}': 'public',
  'HEAD /password/reset/{email}': 'public',
}

type Person = {
  email: string
  /** Id of a persona, which nobody else has. */
  persona: string
  cloud: Session
  device: Session & { deviceId: string }
  /** Credential → headers that show it. */
  shows: Record<
    'web cookie' | 'cloud token' | 'device token' | 'otp token' | 'basic' | 'refresh token',
    Record<string, string>
  >
}

/** Which credentials open what, for somebody who is not disabled. */
const openedBy: Record<Guard, ReadonlyArray<keyof Person['shows']>> = {
  public: [],
  proof: [],
  cloud: ['cloud token', 'device token'],
  basic: ['basic'],
  graphql: ['otp token'],
}

describe('who may call what (design §6)', () => {
  let server: TestServer
  let member: Person
  let other: Person
  let admin: Person
  let disabled: Person
  let leaving: Person
  let nobody: Record<string, Record<string, string>>
  let routes: string[]

  beforeAll(async () => {
    server = await startKeptServer({ pages: true, env: { HEARTHKEEP_ADMIN_PASSWORD: password } })
    member = await moveIn(server)
    other = await moveIn(server)
    disabled = await moveIn(server)
    leaving = await moveIn(server)
    admin = await credentialsOf(server, keeper.email)
    disable(server, disabled.email, null)
    disable(server, leaving.email, Date.now() + 1_000_000_000)
    const code = resetCodeFor(server, member.email)
    nobody = {
      nothing: {},
      'an empty token': { Authorization: 'Bearer ' },
      'a token without a signature': { Authorization: `Bearer ${unsigned(member.cloud.token)}` },
      'a token with a foreign signature': { Authorization: `Bearer ${member.cloud.token.slice(0, -8)}AAAAAAAA` },
      'a reset code as token': { Authorization: `Bearer ${code}` },
      'a reset code as password': basic(member.email, code),
      'a wrong password': basic(member.email, 'wrong'),
      'an address in headers': { 'X-Forwarded-For': '127.0.0.1', 'X-Hearthkeep-Peer': '{"address":"127.0.0.1"}' },
    }
    const described = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    routes = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('every route says here whom it is for', () => {
    expect(routes.length).toBeGreaterThan(100)
    expect(routes.filter((route) => !(route in table))).toEqual([])
  })

  test('credentials of the wrong kind, of nobody and of somebody disabled open nothing', async () => {
    type Refused = [who: string, headers: Record<string, string>, except?: Guard[]]
    const strangers: Refused[] = Object.entries(nobody)
    const shut = Object.entries({ disabled, leaving }).flatMap(([who, { shows }]) =>
      Object.entries(shows).map(([kind, headers]): Refused => [`${who}: ${kind}`, headers]),
    )
    const own = Object.entries(member.shows).map(([kind, headers]): Refused => {
      const opened = (Object.keys(openedBy) as Guard[]).filter((guard) => openedBy[guard].some((one) => one === kind))
      return [`member: ${kind}`, headers, opened]
    })
    const wrong: string[] = []
    for (const route of routes) {
      const guard = table[route] ?? 'public'
      const heedsNobody = guard === 'public' || guard === 'proof'
      const alone = await call(server, route, member, {})
      // Without the prefix a proof's route is the same endpoint once more.
      const some = guard === 'proof' && !route.includes('/v1/') ? own : [...strangers, ...own]
      const all = heedsNobody ? some : [...strangers, ...shut, ...own]
      const shown = all.filter(([, , except]) => !except?.includes(guard))
      const answers = await Promise.all(shown.map(([, headers]) => call(server, route, member, headers)))
      for (const [n, { status, opened }] of answers.entries()) {
        // Somebody who says that they pass on what comes from elsewhere is not this machine.
        const isElsewhere = route === 'GET /metrics' && shown[n]?.[1]['X-Forwarded-For'] !== undefined
        const expected = isElsewhere ? 401 : heedsNobody ? alone.status : guard === 'graphql' ? 200 : 401
        if (status !== expected || status >= 500 || opened) wrong.push(`${route} as ${shown[n]?.[0]}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
    expect((await slot(server.url, member.cloud.token).get()).status).toBe(200)
    expect((await personOf(server.url, member.email).get(member.persona)).status).toBe(200)
  })

  test('what is for somebody opens to them, whoever keeps the server', async () => {
    const wrong: string[] = []
    for (const route of routes.filter((one) => !one.startsWith('DELETE'))) {
      const guard = table[route] ?? 'public'
      for (const kind of openedBy[guard])
        for (const [who, person] of Object.entries({ member, admin })) {
          const { status, opened } = await call(server, route, person, person.shows[kind])
          if (status === 401 || status >= 500 || (guard === 'graphql' && !opened))
            wrong.push(`${route} as ${who} with ${kind}: ${status}`)
        }
    }
    expect(wrong).toEqual([])
  })

  test('nobody reaches what is somebody else’s, a keeper neither', async () => {
    const before = await everythingOf(server, member)
    const wrong: string[] = []
    for (const route of routes.filter((one) => one.includes('{')).toSorted()) {
      const guard = table[route] ?? 'public'
      for (const kind of openedBy[guard])
        for (const [who, person] of Object.entries({ other, admin })) {
          const { status, text } = await call(server, route, member, person.shows[kind])
          // Everybody has names of their own: one that is not there may be put, and be deleted, and has no history.
          const isOwn = guard === 'basic' && status === 200 && !text.includes('version')
          if (!isOwn && (status < 400 || status >= 500)) wrong.push(`${route} as ${who} with ${kind}: ${status}`)
        }
    }
    expect(wrong).toEqual([])
    expect(await everythingOf(server, member)).toEqual(before)
  })

  test('somebody disabled gets no new session anywhere', async () => {
    for (const { email, cloud } of [disabled, leaving]) {
      expect((await postJson(server.url, '/v1/sessions', { username: email, password })).status).toBe(401)
      expect((await postJson(server.url, '/v1/sessions/refresh', { refreshToken: cloud.refreshToken })).status).toBe(
        401,
      )
      const signIn = `mutation { signInUser(email: "${email}", password: "${password}") { token } }`
      expect((await otp.graphql(server.url, signIn)).answer.data).toEqual({ signInUser: null })
    }
    await expect(signInToPages(server.url, disabled.email, password)).rejects.toThrow('auth.failed')
  })
})

/** Somebody with a backup, a persona and a device. */
async function moveIn(server: TestServer): Promise<Person> {
  const { email } = await register(server.url, undefined, password)
  const person = await credentialsOf(server, email)
  for (const [token, version] of [
    [person.cloud.token, '*'],
    [person.device.token, '*'],
  ] as const)
    expect((await slot(server.url, token).put(Buffer.alloc(64, 1), { 'If-None-Match': version })).status).toBe(200)
  expect((await personOf(server.url, email, password).put(person.persona, 'PK')).ok).toBe(true)
  return person
}

async function credentialsOf({ url }: TestServer, email: string): Promise<Person> {
  const cloud = (await (await postJson(url, '/v1/sessions', { username: email, password })).json()) as Session
  const device = await addDevice(url, cloud.token)
  const phone = await otp.signIn(url, email, password)
  return {
    email,
    persona: `diary of ${email}`,
    cloud,
    device,
    shows: {
      'web cookie': { Cookie: await signInToPages(url, email, password) },
      'cloud token': { Authorization: `Bearer ${cloud.token}` },
      'device token': { Authorization: `Bearer ${device.token}` },
      'otp token': { Authorization: `Bearer ${phone.token}` },
      basic: basic(email, password),
      'refresh token': { Authorization: `Bearer ${cloud.refreshToken}` },
    },
  }
}

/** As the keeper's pages do it, without the sessions being ended: each door has to look for itself. */
function disable({ dataFolder }: TestServer, email: string, deleteAt: number | null): void {
  const sqlite = new Sqlite(join(dataFolder, 'hearthkeep.sqlite'))
  sqlite.prepare('update accounts set disabled_at = ?, delete_at = ? where email = ?').run(Date.now(), deleteAt, email)
  sqlite.close()
}

function resetCodeFor({ dataFolder }: TestServer, email: string): string {
  const program = join(import.meta.dirname, '..', '..', 'dist', 'hearthkeep.mjs')
  const env = { ...process.env, HEARTHKEEP_DATA_DIR: dataFolder }
  const said = execFileSync(process.execPath, [program, 'admin', 'reset-link', email, '--json'], {
    env,
    encoding: 'utf8',
  })
  return new URL((JSON.parse(said) as { link: string }).link).searchParams.get('reset_code') ?? ''
}

/** The same claims under `alg: none`. */
function unsigned(token: string): string {
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
  return `${none}.${token.split('.')[1]}.`
}

/** @param whose  whose ids stand in the path */
async function call(
  { url }: TestServer,
  route: string,
  whose: Person,
  headers: Record<string, string>,
): Promise<{ status: number; opened: boolean; text: string }> {
  const [method = '', path = ''] = route.split(' ')
  const target = path
    .replace('{pid}', encodeURIComponent(whose.persona))
    .replace('{version}', '1')
    .replace('{email}', 'nobody@home.test')
    .replace('{id}', path.startsWith('/v1/devices') ? whose.device.deviceId : '1')
  const hasBody = method === 'POST' || method === 'PUT'
  const body = path === '/graphql' ? '{"query":"{ devices { id } }"}' : '{}'
  const type = { 'Content-Type': 'application/json' }
  const answer = await fetch(url + target, {
    method,
    redirect: 'manual',
    headers: { ...(hasBody ? type : {}), ...headers },
    ...(hasBody ? { body } : {}),
  })
  const text = await answer.text()
  const opened = path === '/graphql' && (JSON.parse(text) as otp.GraphqlAnswer).data?.devices !== undefined
  return { status: answer.status, opened: opened && !text.includes('"errors"'), text }
}

async function everythingOf({ url }: TestServer, { email, persona, cloud, device }: Person) {
  const bytes = async (answer: Promise<Response>) => [(await answer).status, await (await answer).text()]
  return {
    slot: await bytes(slot(url, cloud.token).get()),
    deviceSlot: await bytes(slot(url, device.token).get()),
    devices: await bytes(fetch(`${url}/v1/devices`, { headers: { Authorization: `Bearer ${cloud.token}` } })),
    persona: await bytes(personOf(url, email, password).get(persona)),
  }
}
