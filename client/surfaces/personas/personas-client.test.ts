import { afterEach, beforeEach, expect, test } from 'vitest'
import { isNetworkError, isProtocolError, isServerError, type ServerError } from '#client/transport/errors.ts'
import { Transport } from '#client/transport/transport.ts'
import { isNotSignedIn } from './errors.ts'
import { PersonasClient } from './personas-client.ts'
import { type PersonasStub, startPersonasStub, textBytes } from './testing.ts'

const email = 'ada@example.org'
const password = 'pässwörd: 🦔'
const zip = { contentType: 'application/zip' }

let server: PersonasStub
let client: PersonasClient

beforeEach(async () => {
  server = await startPersonasStub()
  client = new PersonasClient({ server: new Transport({ baseUrl: server.url, pause: async () => {} }) })
  await client.register(email, password)
})

afterEach(() => server[Symbol.asyncDispose]())

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it succeeded'),
    (error) => error,
  )
}

test('stores, lists, fetches, replaces and removes personas, bytes and media type verbatim', async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => index)
  expect(await client.list()).toEqual([])
  expect(await client.put('work', bytes, { contentType: 'text/x; charset="u"' })).toEqual({
    etag: '"1"',
  })
  expect(await client.get('work')).toEqual({ bytes, contentType: 'text/x; charset="u"', etag: '"1"' })
  expect(await client.put('work', textBytes('new'), zip)).toEqual({ etag: '"2"' })
  await client.put('home', textBytes('other'), zip)
  expect(await client.list()).toEqual(['home', 'work'])
  await client.remove('work')
  await client.remove('work')
  expect(await client.list()).toEqual(['home'])
})

test('answers null for a persona that is not there', async () => {
  expect(await client.get('nothing')).toBeNull()
})

test.each(['a b', 'Ünïcode 🦔', 'x.zip', '..zip', '%2e%2e', '50%', 'a?b#c', 'back\\slash', ' '])(
  'takes %j as the id of a persona',
  async (id) => {
    await client.put(id, textBytes('x'), zip)
    expect(await client.list()).toEqual([id])
    expect((await client.get(id))?.bytes).toEqual(textBytes('x'))
    await client.remove(id)
    expect(await client.list()).toEqual([])
  },
)

test.each(['', '.', '..', 'a/b', '\ud800'])('refuses %j as an id without asking the server', async (id) => {
  const before = server.requests.length
  for (const call of [client.get(id), client.put(id, textBytes('x'), zip), client.remove(id)]) {
    expect(await failure(call)).toBeInstanceOf(TypeError)
  }
  expect(server.requests).toHaveLength(before)
})

test('replaces only the version it is told to, and says so when there is another', async () => {
  const { etag } = await client.put('work', textBytes('1'), zip)
  await client.put('work', textBytes('2'), { ...zip, ifMatch: etag ?? '' })
  const late = await failure(client.put('work', textBytes('3'), { ...zip, ifMatch: etag ?? '' }))
  expect(isServerError(late, 412)).toBe(true)
  expect((late as ServerError).message).toBe('The persona was changed')
})

test('speaks UTF-8 in HTTP Basic, and sends it to no route that needs none', async () => {
  await client.list()
  await client.status()
  await client.requestReset(email)
  const [register, list, ...open] = server.requests.map(({ headers }) => headers.authorization)
  expect(register).toBeUndefined()
  expect(Buffer.from(list?.replace('Basic ', '') ?? '', 'base64').toString()).toBe(`${email}:${password}`)
  expect(open).toEqual([undefined, undefined])
})

test('tells a refused sign-in from other refusals', async () => {
  const stranger = new PersonasClient({ server: server.url, credentials: { email, password: 'wrong' } })
  expect(isNotSignedIn(await failure(stranger.list()))).toBe(true)
  expect(isNotSignedIn(await failure(stranger.get('x')))).toBe(true)
  expect(isNotSignedIn(await failure(stranger.signIn(email, 'wrong too')))).toBe(true)
  await stranger.signIn(' ADA@example.org', password)
  expect(await stranger.list()).toEqual([])
  expect(isNotSignedIn(await failure(new PersonasClient({ server: server.url }).list()))).toBe(true)
})

test('does not try to sign in with what HTTP Basic cannot say', async () => {
  for (const [name, secret] of [
    ['a:b@x.org', 'p'],
    ['a@x.org', '\ud800'],
    ['\udc00@x.org', 'p'],
  ] as const) {
    expect(isNotSignedIn(await failure(client.register(name, secret)))).toBe(true)
    expect(isNotSignedIn(await failure(client.signIn(name, secret)))).toBe(true)
  }
  expect(server.requests).toHaveLength(1)
})

test('reads the words and the code of a failure', async () => {
  const taken = (await failure(client.register('ADA@example.org ', 'other'))) as ServerError
  expect([taken.status, taken.code, taken.message]).toEqual([
    409,
    '4.9',
    'Email already registered; Reset password or try another email',
  ])
  const empty = (await failure(client.put('x', new Uint8Array(), zip))) as ServerError
  expect([empty.status, empty.code, empty.message]).toEqual([400, '4', 'Missing required content'])
})

test.each([
  [418, '{"failure":{"code":[4,18],"message":"tea\\u001b[2J"}}', 'application/json', 'tea [2J', '4.18'],
  [418, '{"failure":{"code":"x","message":7}}', 'application/json', 'The server answered 418', undefined],
  [418, '{"failure":null}', 'application/json', 'The server answered 418', undefined],
  [500, '<html>at /home/x.js:1</html>', 'text/html', 'The server answered 500', undefined],
  [413, 'Too large', 'text/plain', 'Too large', undefined],
  [400, 'null', 'application/json', 'The server answered 400', undefined],
])('reads the refusal %i %j', async (status, body, type, message, code) => {
  server.failNext({ status, body, headers: { 'Content-Type': type } })
  const error = (await failure(client.list())) as ServerError
  expect([error.status, error.message, error.code]).toEqual([status, message, code])
})

test('waits when the server is busy, and says so when it stays busy', async () => {
  const busy = { status: 503, headers: { 'Retry-After': '7' } }
  server.failNext(busy)
  expect(await client.list()).toEqual([])
  for (let time = 0; time < 3; time += 1) server.failNext(busy)
  expect(((await failure(client.list())) as Error).message).toBe('The server is busy; try again in 7 s')
  for (let time = 0; time < 3; time += 1) server.failNext({ status: 429 })
  expect(((await failure(client.list())) as Error).message).toBe('Too many tries; try again later')
})

test('repeats an upload whose answer was lost, unless it depends on what was there', async () => {
  server.failNext('lose-answer')
  await client.put('x', textBytes('1'), zip)
  server.failNext('lose-answer')
  expect(isNetworkError(await failure(client.put('x', textBytes('2'), { ...zip, ifMatch: '"2"' })))).toBe(true)
  expect((await client.get('x'))?.etag).toBe('"3"')
})

test('does not ask for a second reset code, or register twice, when an answer is lost', async () => {
  for (const call of [() => client.requestReset(email), () => client.register('new@x.org', 'p')]) {
    const before = server.requests.length
    server.failNext('lose-answer')
    expect(isNetworkError(await failure(call()))).toBe(true)
    expect(server.requests).toHaveLength(before + 1)
  }
})

test('sets a new password with the mailed code, once', async () => {
  await client.requestReset('nobody@example.org')
  await client.requestReset(email)
  const code = server.resetCodes.get(email) ?? ''
  expect(isServerError(await failure(client.reset(email, 'wrong', 'new')), 410)).toBe(true)
  await client.reset(email, code, 'new password')
  expect(isNotSignedIn(await failure(client.list()))).toBe(true)
  await client.signIn(email, 'new password')
  expect(((await failure(client.reset(email, code, 'again'))) as ServerError).code).toBe('4.10')
})

test('says what the server is, and recognises that something else answers', async () => {
  expect(await client.status()).toMatchObject({ name: 'Key Backup Service', version: [1, 0, 0], url: server.url })
  const headers = { 'Content-Type': 'application/json' }
  for (const body of ['<html>my printer</html>', '{"name":"x"}', 'null']) {
    server.failNext({ status: 200, body, headers })
    expect(isProtocolError(await failure(client.status()))).toBe(true)
    server.failNext({ status: 200, body, headers })
    expect(isProtocolError(await failure(client.list()))).toBe(true)
  }
})

test('takes a stored persona of no bytes, and a server without ETag and media type', async () => {
  server.failNext({ status: 204 })
  expect(await client.get('x')).toEqual({
    bytes: new Uint8Array(),
    contentType: 'application/octet-stream',
    etag: null,
  })
})

test('keeps passwords out of every error', async () => {
  const errors = [
    await failure(client.signIn(email, 'wrong secret')),
    await failure(client.register(email, 'wrong secret')),
    await failure(new PersonasClient({ server: 'http://127.0.0.1:1' }).signIn(email, 'wrong secret')),
  ]
  for (const error of errors) {
    expect(String((error as Error).stack) + JSON.stringify(error)).not.toMatch(/wrong secret|d3Jvbmcgc2VjcmV0/)
  }
})
