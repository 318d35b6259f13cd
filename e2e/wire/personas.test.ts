import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { basic, failure, freshEmail, password, personOf, rawRequest, register, send } from '#e2e/support/personas.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

let server: TestServer
let url: string
beforeAll(async () => {
  server = await startServer()
  url = server.url
})
afterAll(() => server?.[Symbol.asyncDispose]())

const json = 'application/json; charset=utf-8'

describe('conventions (personas §1)', () => {
  test('a command that worked is 200 with exactly {}', async () => {
    const answer = await send(url, '/accounts', { body: { email: freshEmail(), password } })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(json)
    expect(answer.headers.get('content-length')).toBe('2')
    expect(await answer.text()).toBe('{}')
  })

  test('a failure is the envelope, with its media type', async () => {
    const answer = await send(url, '/accounts', { body: {} })
    expect(answer.headers.get('content-type')).toBe(json)
    expect(await answer.text()).toBe('{"failure":{"code":[4],"message":"Missing parameters"}}')
  })

  test('401 is plain text of 13 bytes without a media type, whatever was wrong', async () => {
    const { email } = await register(url)
    const headers: Array<Record<string, string>> = [
      {},
      { Authorization: 'Bearer abc' },
      basic(''),
      basic(email, ''),
      basic(email, 'wrong'),
      basic(freshEmail()),
    ]
    const seen = new Set<string>()
    for (const one of headers)
      for (const [method, path] of [
        ['GET', '/personas'],
        ['GET', '/personas/x'],
        ['POST', '/personas/x'],
        ['DELETE', '/personas/x'],
      ] as const) {
        const answer = await rawRequest(url, path, { method, headers: one })
        const { date: _, 'x-request-id': __, ...kept } = answer.headers
        seen.add(JSON.stringify([answer.status, kept, answer.body.toString()]))
      }
    expect(seen.size).toBe(1)
    const [status, kept, body] = JSON.parse([...seen][0] ?? '')
    expect([status, body]).toEqual([401, 'Access denied'])
    expect(kept['www-authenticate']).toBe('Basic realm="Key Backup Service"')
    expect(kept['content-length']).toBe('13')
    expect(kept['content-type']).toBeUndefined()
  })

  test('HEAD works on every GET route, with the same headers and no body', async () => {
    const ada = await register(url)
    await ada.put('p', 'bytes')
    for (const path of ['/status', '/personas', '/personas/p', '/password/reset/nobody@x.org']) {
      const get = await fetch(url + path, { headers: ada.auth })
      const head = await fetch(url + path, { method: 'HEAD', headers: ada.auth })
      expect([path, head.status, await head.text()]).toEqual([path, get.status, ''])
      for (const name of ['content-type', 'content-length', 'etag'])
        expect([path, name, head.headers.get(name)]).toEqual([path, name, get.headers.get(name)])
    }
  })

  test.each([
    ['/status', 'GET, HEAD, OPTIONS'],
    ['/accounts', 'OPTIONS, POST'],
    ['/personas', 'GET, HEAD, OPTIONS'],
    ['/personas/x', 'DELETE, GET, HEAD, OPTIONS, POST'],
    ['/password/reset', 'OPTIONS, POST, PUT'],
    ['/password/reset/a@x.org', 'GET, HEAD, OPTIONS'],
  ])('OPTIONS %s is 200 with Allow, any other method 405 with it', async (path, allow) => {
    const options = await fetch(url + path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([200, allow])
    const patch = await fetch(url + path, { method: 'PATCH' })
    expect(patch.headers.get('allow')).toBe(allow)
    expect(await said(patch)).toEqual(failure([4, 5], 'Method not allowed'))
  })

  test('letter case of the path and a trailing slash do not matter; the id keeps its case', async () => {
    const ada = await register(url)
    const stored = await fetch(`${url}/PERSONAS/MyId/`, {
      method: 'POST',
      headers: { ...ada.auth, 'Content-Type': 'a/b' },
      body: 'x',
    })
    expect(stored.status).toBe(200)
    expect(await said(fetch(`${url}/Personas/`, { headers: ada.auth }))).toEqual([200, { personas: ['MyId'] }])
    expect((await fetch(`${url}/personas/myid`, { headers: ada.auth })).status).toBe(410)
    expect((await fetch(`${url}/Status/`)).status).toBe(200)
    expect(await said(send(url, '/Password/RESET/', { method: 'PUT', body: {} }))).toEqual(
      failure([4], 'Missing email parameter'),
    )
  })

  test('what the framework would have answered in HTML comes in the envelope', async () => {
    const post = (body: BodyInit, headers: Record<string, string>) =>
      said(fetch(`${url}/accounts`, { method: 'POST', headers, body }))
    const type = { 'Content-Type': 'application/json' }
    expect(await post('{"email":', type)).toEqual(failure([4], 'The request body is not valid JSON'))
    expect(await post('"text"', type)).toEqual(failure([4], 'The request body is not a JSON object'))
    expect(await post(`{"email":"${'x'.repeat(102_400)}"}`, type)).toEqual(failure([4, 13], 'Payload too large'))
    expect(await post('{}', { ...type, 'Content-Encoding': 'br' })).toEqual(
      failure([4, 15], 'Unsupported content encoding'),
    )
    expect(await post('{}', { 'Content-Type': 'application/json; charset=utf-16' })).toEqual(
      failure([4, 15], 'Unsupported charset, expected UTF-8'),
    )
    expect(await said(fetch(`${url}/accounts/none/of/this`))).toEqual(failure([4, 4], 'Not found'))
    expect(await said(fetch(`${url}/personas/a/b`, { method: 'POST' }))).toEqual(failure([4, 4], 'Not found'))
    const ada = await register(url)
    expect(await said(fetch(`${url}/personas/%FF`, { headers: ada.auth }))).toEqual(
      failure([4], 'The path is not valid percent-encoding'),
    )
  })
})

test('GET /status says which service, since when and where', async () => {
  const answer = await fetch(`${url}/status`)
  const status = (await answer.json()) as { started: string }
  expect(status).toEqual({ name: 'Key Backup Service', version: [1, 0, 0], started: expect.any(String), url })
  expect(new Date(status.started).toISOString()).toBe(status.started)
})

describe('personas (personas §3)', () => {
  test('create and overwrite are both 200 {}, GET gives the last bytes with their media type', async () => {
    const ada = await register(url)
    expect(await said(ada.put('p', 'one'))).toEqual([200, {}])
    expect(await said(ada.put('p', 'two', { 'Content-Type': 'text/x-odd; q="1"' }))).toEqual([200, {}])
    const answer = await ada.get('p')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/x-odd; q="1"'])
    expect(answer.headers.get('content-length')).toBe('3')
    expect(await answer.text()).toBe('two')
  })

  test('JSON and forms are kept verbatim, not parsed', async () => {
    const ada = await register(url)
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded']) {
      const body = '{"b":1,   "a":\n2}'
      expect((await ada.put('p', body, { 'Content-Type': type })).status).toBe(200)
      const answer = await ada.get('p')
      expect([answer.headers.get('content-type'), await answer.text()]).toEqual([type, body])
    }
  })

  test('a missing one is 410 in plain text, deleting it 200', async () => {
    const ada = await register(url)
    const answer = await ada.get('none')
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await said(answer)).toEqual([410, 'Persona not found'])
    expect(await said(ada.remove('none'))).toEqual([200, {}])
    await ada.put('p', 'x')
    expect(await said(ada.remove('p'))).toEqual([200, {}])
    expect((await ada.get('p')).status).toBe(410)
    expect((await ada.head('p')).status).toBe(410)
  })

  test('the list is empty at first, then has the ids as they were given, by code point', async () => {
    const ada = await register(url)
    expect(await (await ada.list()).text()).toBe('{"personas":[]}')
    const ids = ['🦊', 'b.zip', 'a b', 'Zwei', 'Жук', '\uffee', '..a', 'a+b', '%2F', "'; drop table personas; --"]
    for (const id of ids) expect((await ada.put(id, id)).status).toBe(200)
    const byCodePoint = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect(await said(ada.list())).toEqual([200, { personas: byCodePoint }])
    for (const id of ids) expect(await (await ada.get(id)).text()).toBe(id)
  })

  test('one person never sees another’s', async () => {
    const [ada, eve] = [await register(url), await register(url)]
    await ada.put('p', 'ada’s')
    expect((await eve.get('p')).status).toBe(410)
    expect(await said(eve.list())).toEqual([200, { personas: [] }])
    await eve.remove('p')
    expect(await (await ada.get('p')).text()).toBe('ada’s')
  })

  test('errors come in order: signed in, id, content, media type, size', async () => {
    const ada = await register(url)
    const post = async (path: string, headers: Record<string, string>, body?: string | Buffer) => {
      const answer = await rawRequest(url, path, { method: 'POST', headers, ...(body ? { body } : {}) })
      const text = answer.body.toString()
      return [answer.status, answer.headers['content-type'] ? JSON.parse(text) : text]
    }
    const large = Buffer.alloc(10 * 1024 * 1024 + 1)
    expect(await post('/personas/a%2Fb', {}, large)).toEqual([401, 'Access denied'])
    expect(await post('/personas/a%2Fb', ada.auth, large)).toEqual(failure([4], 'Invalid persona id: a/b'))
    expect(await post('/personas/p', { ...ada.auth, 'Content-Type': 'a/b', 'Content-Length': '0' })).toEqual(
      failure([4], 'Missing required content'),
    )
    expect(await post('/personas/p', ada.auth)).toEqual(failure([4], 'Missing required content'))
    expect(await post('/personas/p', ada.auth, large)).toEqual(failure([4], 'Missing required header: content-type'))
    expect(await post('/personas/p', { ...ada.auth, 'Content-Type': 'a/b' }, large)).toEqual(
      failure([4, 13], 'Payload too large'),
    )
    for (const method of ['GET', 'DELETE'])
      expect(await said(fetch(`${url}/personas/a%2Fb`, { method, headers: ada.auth }))).toEqual(
        failure([4], 'Invalid persona id: a/b'),
      )
    expect(await said(ada.list())).toEqual([200, { personas: [] }])
  })

  test('dots are ids like any other, for a client that does not tidy its paths', async () => {
    const ada = await register(url)
    for (const path of ['/personas/..', '/personas/%2e%2e', '/personas/.']) {
      const headers = { ...ada.auth, 'Content-Type': 'a/b' }
      expect((await rawRequest(url, path, { method: 'POST', headers, body: path })).status).toBe(200)
      expect((await rawRequest(url, path, { headers: ada.auth })).body.toString()).toBe(path)
    }
    expect(await said(ada.list())).toEqual([200, { personas: ['.', '..'] }])
  })

  test('an account made with a user name signs in here with it', async () => {
    const username = `user_${Date.now()}`
    await send(url, '/v1/users', { body: { username, password } })
    const cloudPerson = personOf(url, username.toUpperCase())
    expect((await cloudPerson.put('p', 'x')).status).toBe(200)
    expect(await said(cloudPerson.list())).toEqual([200, { personas: ['p'] }])
  })
})

const curl = (() => {
  try {
    execFileSync('curl', ['--version'])
    return true
  } catch {
    return false
  }
})()

test.skipIf(!curl)(`the flows of the seed, by curl${curl ? '' : ' (skipped: no curl here)'}`, async () => {
  const run = async (...args: string[]) => (await promisify(execFile)('curl', ['-sS', ...args])).stdout
  const email = freshEmail()
  const [me, persona] = [`${email}:secret`, `${url}/personas/my%20persona`]
  const account = JSON.stringify({ email, password: 'secret' })
  const asJson = ['-H', 'Content-Type: application/json']
  const status = ['-o', '/dev/null', '-w', '%{http_code}']
  expect(await run('-X', 'POST', `${url}/accounts`, ...asJson, '-d', account)).toBe('{}')
  expect(await run(...status, '-X', 'POST', `${url}/accounts`, ...asJson, '-d', account)).toBe('409')
  const zip = ['-H', 'Content-Type: application/zip', '--data-binary', 'PK zip']
  expect(await run('-u', me, '-X', 'POST', persona, ...zip)).toBe('{}')
  expect(await run('-u', me, `${url}/personas`)).toBe('{"personas":["my persona"]}')
  expect(await run('-u', me, persona)).toBe('PK zip')
  expect(await run('-u', me, '-X', 'DELETE', persona)).toBe('{}')
  expect(await run('-u', me, '-X', 'DELETE', persona)).toBe('{}')
  expect(await run(...status, '-u', me, persona)).toBe('410')
  expect(await run(...status, `${url}/personas`)).toBe('401')
  expect(await run(`${url}/password/reset/${email}`)).toBe('{}')
  const reset = JSON.stringify({ email, code: 'wrong', new_password: 'x' })
  expect(await run(...status, '-X', 'POST', `${url}/password/reset`, ...asJson, '-d', reset)).toBe('409')
})
