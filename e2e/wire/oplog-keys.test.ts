import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { password, postJson, signUp } from '#e2e/support/cloud.ts'
import { hour, hurryJobs, shiftClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { inDatabase, objectsOnDisk } from '#e2e/support/disaster-inspect.ts'
import { until } from '#e2e/support/disaster-until.ts'
import { type Answer, Device, freshKey, lineOf, sync, told } from '#e2e/support/oplog.ts'
import { type Pair, prove as proveAt, rsaPair } from '#e2e/support/oplog-proof.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ preload: [hurryJobs] })
})
afterAll(() => server?.[Symbol.asyncDispose]())

const pair = rsaPair()
const minute = hour / 60

const post = async (path: string, body: unknown, token?: string) => told(await postJson(server.url, path, body, token))

const prove = (pair: Pair, url = server.url) => proveAt(pair, url)

/** A new person with a linked key. */
async function linked(name?: string) {
  const mine = rsaPair()
  const { token } = await signUp(server.url)
  const answer = await post('/sync/keys', { ...(await prove(mine)), name }, token)
  expect(answer.status).toBe(201)
  return { ...mine, token, key: JSON.parse(answer.text) as { id: string; fingerprint: string } }
}

const call = async (token: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  told(
    await fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )

describe('proof of possession (oplog-sync §3)', () => {
  test('once a key asks for it, only its private half opens the log', async () => {
    const mine = rsaPair()
    const phone = new Device(server, mine.user)
    await phone.send('a')
    const proof = await post('/sync/proof', { ...(await prove(mine)), require: true })
    expect(JSON.parse(proof.text)).toEqual({ token: expect.any(String), expires_in: 900, required: true })
    const { token } = JSON.parse(proof.text) as { token: string }

    for (const answer of [await phone.fetch(), await phone.send('b'), await phone.another().fetch()])
      expect([answer.status, answer.error, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'proof_required',
        'Bearer realm="sync"',
      ])
    const ask = { user: mine.user, client_id: phone.another().id }
    const as = (given: string) => sync(server.url, ask, { headers: { Authorization: `Bearer ${given}` } })
    expect((await as(token)).lines).toEqual([lineOf(phone, 0, 'a')])
    const [expiry = '', mac = ''] = token.split('.')
    for (const forged of [`${Number(expiry) + 1}.${mac}`, `${expiry}.x`, 'x', `.${mac}`, `${expiry}.`])
      expect((await as(forged)).status).toBe(401)
    // Somebody else's token is of no use.
    const other = JSON.parse((await post('/sync/proof', await prove(pair))).text) as {
      token: string
      required: boolean
    }
    expect(other.required).toBe(false)
    expect((await as(other.token)).status).toBe(401)

    await post('/sync/proof', { ...(await prove(mine)), require: false })
    expect((await phone.another().fetch()).lines).toHaveLength(1)
  })

  test('a proof is good once: neither for another token nor for another’s account', async () => {
    const mine = rsaPair()
    const proof = await prove(mine)
    const { token } = await signUp(server.url)
    const [first, second] = await Promise.all([post('/sync/proof', proof), post('/sync/proof', proof)])
    expect([first.status, second.status].sort()).toEqual([200, 401])
    const { challenge } = proof
    for (const spelled of [challenge, `${challenge}.`, `0${challenge}`, ` ${challenge}`])
      expect((await post('/sync/proof', { ...proof, challenge: spelled, require: true })).error).toBe('proof_failed')
    expect((await post('/sync/keys', proof, token)).error).toBe('proof_failed')
    const used = await prove(mine)
    expect((await post('/sync/keys', used, token)).status).toBe(201)
    expect((await post('/sync/proof', { ...used, require: true })).status).toBe(401)
  })

  test('a challenge is good for two minutes, a token for fifteen', async () => {
    using clock = wallClock()
    await using home = await startServer({ preload: [shiftClock], env: clock.env })
    const mine = rsaPair()
    const phone = new Device(home, mine.user)
    await phone.send('a')
    const late = await prove(mine, home.url)
    const inTime = await prove(mine, home.url)
    const given = await told(await postJson(home.url, '/sync/proof', { ...inTime, require: true }))
    const { token } = JSON.parse(given.text) as { token: string }
    const ask = { user: mine.user, client_id: phone.id }
    const fetched = () => sync(home.url, ask, { headers: { Authorization: `Bearer ${token}` } })
    clock.shift(2 * minute + 1_000)
    expect((await told(await postJson(home.url, '/sync/proof', late))).error).toBe('proof_failed')
    expect((await fetched()).status).toBe(200)
    clock.shift(15 * minute + 1_000)
    expect((await fetched()).error).toBe('proof_required')
  })

  test('a wrong nonce, another key’s challenge and a challenge that was changed prove nothing', async () => {
    const good = await prove(pair)
    const other = await prove(rsaPair())
    const [expiry = '', mac = ''] = good.challenge.split('.')
    const wrong = [
      { ...good, nonce: other.nonce },
      { ...good, nonce: '' },
      { ...good, challenge: other.challenge },
      { ...other, user: good.user },
      { ...good, challenge: `${Number(expiry) + 60}.${mac}` },
      { ...good, challenge: 'NaN.' },
    ]
    for (const given of wrong) {
      const answer = await post('/sync/proof', { ...given, require: true })
      expect([answer.status, answer.error]).toEqual([401, 'proof_failed'])
    }
    expect((await post('/sync/proof', good)).status).toBe(200)
  })

  test('PEM and JWK keys can be proved, what is no RSA key cannot', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = publicKey.export({ type: 'spki', format: 'pem' })
    for (const user of [pem, publicKey.export({ format: 'jwk' })])
      expect((await post('/sync/challenge', { user })).status).toBe(200)
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    const { n } = publicKey.export({ format: 'jwk' })
    const open = { kty: 'RSA', n, e: 'AQ' }
    const unprovable = [freshKey(), 'x', { kty: 'RSA' }, open, ec.export({ format: 'jwk' }), rsaPair(1024).user]
    for (const user of unprovable) expect((await post('/sync/challenge', { user })).error).toBe('log_key_unprovable')
    for (const body of [{}, [], { user: 5 }, { user: '' }])
      expect((await post('/sync/challenge', body)).status).toBe(400)
  })
})

describe('the person behind a key (oplog-sync §3)', () => {
  test('sees, freezes, limits and protects a log, and never the key', async () => {
    const { user, token, key } = await linked('Mum’s notes')
    const phone = new Device(server, user)
    await phone.send('abc')
    const { keys } = JSON.parse((await call(token, 'GET', '/sync/keys')).text)
    expect(keys).toEqual([
      expect.objectContaining({ id: key.id, name: 'Mum’s notes', operations: 1, bytes: 3, clients: 1, frozen: false }),
    ])
    expect(keys[0].fingerprint).toMatch(/^[0-9a-f]{16}$/)
    expect(JSON.stringify(keys)).not.toContain(user)

    const change = (changes: unknown) => call(token, 'PUT', `/sync/keys/${key.id}`, changes)
    expect(JSON.parse((await change({ frozen: true })).text)).toMatchObject({ frozen: true, name: 'Mum’s notes' })
    const refused = await phone.send('b')
    expect([refused.status, refused.error]).toEqual([403, 'log_frozen'])
    expect((await phone.another().fetch()).lines).toHaveLength(1)
    await change({ frozen: false, quota_operations: 2 })
    expect((await phone.send('b', { operation_index: 1 })).status).toBe(200)
    expect((await phone.send('c', { operation_index: 2 })).status).toBe(507)
    expect(JSON.parse((await change({ quota_operations: null })).text)).toMatchObject({ quota_operations: 200_000 })
    await change({ proof_required: true })
    expect((await phone.fetch()).status).toBe(401)
    expect((await change({ quota_bytes: -1 })).status).toBe(400)
    expect((await change({ name: '' })).status).toBe(400)
  })

  test('is nobody else: not another member, not who only knows the public key', async () => {
    const { user, privateKey, key } = await linked()
    const { token: stranger } = await signUp(server.url)
    for (const [method, path, body] of [
      ['PUT', `/sync/keys/${key.id}`, { frozen: true }],
      ['DELETE', `/sync/keys/${key.id}`],
      ['DELETE', `/sync/keys/${key.id}/operations`],
    ] as const)
      expect((await call(stranger, method, path, body)).status).toBe(404)
    expect(JSON.parse((await call(stranger, 'GET', '/sync/keys')).text)).toEqual({ keys: [] })
    const taken = await post('/sync/keys', await prove({ user, privateKey }), stranger)
    expect([taken.status, taken.error]).toEqual([409, 'log_key_taken'])
    const guess = await post('/sync/keys', { ...(await prove(pair)), user }, stranger)
    expect(guess.status).toBe(401)
    for (const token of ['', 'x']) expect((await call(token, 'GET', '/sync/keys')).error).toBe('unauthorized')
    expect((await call(stranger, 'PUT', '/sync/keys/x', {})).status).toBe(400)
  })

  test('deletes a log: it is empty at once, its clients see it, and its bytes go', async () => {
    const { user, token, key } = await linked('kept')
    const phone = new Device(server, user)
    await phone.send('a')
    await phone.send('b'.repeat(50_000))
    const cursor = (await phone.fetch()).headers.get('sync-cursor')
    const before = objectsOnDisk(server.dataFolder).length
    expect((await call(token, 'DELETE', `/sync/keys/${key.id}/operations`)).status).toBe(204)
    const after = await phone.another().fetch({ [phone.id]: 1 }, { cursor })
    expect([after.text, after.headers.get('sync-behind')]).toEqual(['', '1'])
    await until('its rows are gone', () => rows('operations', key.id) === 0 && rows('oplog_clients', key.id) === 0)
    await until('its object is gone', () => objectsOnDisk(server.dataFolder).length === before - 1)

    const [left] = JSON.parse((await call(token, 'GET', '/sync/keys')).text).keys
    expect(left).toMatchObject({ name: 'kept', operations: 0, bytes: 0 })
    // An old cursor must not hide what comes after the deletion.
    await phone.send('new', { operation_index: 2 })
    expect((await phone.another().fetch({}, { cursor })).lines.map((line) => line.payload)).toEqual(['new'])
    expect((await call(token, 'DELETE', `/sync/keys/${left.id}`)).status).toBe(204)
    expect(JSON.parse((await call(token, 'GET', '/sync/keys')).text)).toEqual({ keys: [] })
    expect((await phone.another().fetch()).text).toBe('')
  })
})

function rows(table: string, user: string): number {
  const sql = `select count(*) as n from ${table} where user_id = ?`
  return inDatabase(server.dataFolder, (sqlite) => (sqlite.prepare(sql).get(Number(user)) as { n: number }).n)
}

describe('registration (design §6)', () => {
  test('closed: no new keys, but fetching tells nothing, and a person with an account may add one', async () => {
    const env = {
      HEARTHKEEP_ADMIN_EMAIL: 'mum@home.test',
      HEARTHKEEP_ADMIN_PASSWORD: password,
      HEARTHKEEP_REGISTRATION: 'closed',
    }
    await using closed = await startServer({ env })
    const mine = rsaPair()
    const phone = new Device(closed, mine.user)
    const refused = await phone.send('a')
    expect([refused.status, refused.error]).toEqual([403, 'registration_closed'])
    const fetched = await phone.fetch()
    expect([fetched.status, fetched.text]).toEqual([200, ''])

    const signIn = await postJson(closed.url, '/v1/sessions', { username: 'mum@home.test', password })
    const { token } = (await signIn.json()) as { token: string }
    const proof = await prove(mine, closed.url)
    expect((await postJson(closed.url, '/sync/proof', { ...proof, require: true })).status).toBe(403)
    expect((await postJson(closed.url, '/sync/keys', proof, token)).status).toBe(201)
    expect((await phone.send('a', { operation_index: 0 })).status).toBe(200)
  })
})

describe('CORS (oplog-sync D24)', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/sync`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    })

  test('any page may by default; it can read errors and our headers, and sends no cookies', async () => {
    const asked = await preflight(server.url, 'https://app.example')
    expect(asked.status).toBe(204)
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST, OPTIONS')
    expect(asked.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type')
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
    for (const answer of [await new Device(server).fetch(), await sync(server.url, '{')]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'Retry-After, Sync-Cursor, Sync-Gaps, Sync-Behind',
      )
    }
    // A person's keys are not for other pages.
    expect((await call('x', 'GET', '/sync/keys')).headers.get('access-control-allow-origin')).toBeNull()
  })

  test('or only those that are named, or none', async () => {
    await using some = await startServer({ env: { HEARTHKEEP_OPLOG_ORIGINS: 'https://app.example' } })
    const allowed = await preflight(some.url, 'https://app.example')
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(allowed.headers.get('vary')).toContain('Origin')
    const refused = await preflight(some.url, 'https://evil.example')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    await some.stop()
    await some.restart({ HEARTHKEEP_OPLOG_ORIGINS: 'off' })
    expect((await preflight(some.url, 'https://app.example')).headers.get('access-control-allow-origin')).toBeNull()
  })
})
