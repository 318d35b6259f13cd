import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Device, freshKey, lineOf, sync, told } from '#e2e/support/oplog.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

const mebibyte = 1024 * 1024

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.[Symbol.asyncDispose]())

const device = (user?: unknown) => new Device(server, user)

describe('conformance (oplog-sync §7)', () => {
  test('1 the first operation is answered 200 with an empty body', async () => {
    const answer = await device().send('first')
    expect([answer.status, answer.text, answer.headers.get('content-length')]).toEqual([200, '', '0'])
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
  })

  test('2 a second client gets it, the payload to the letter', async () => {
    const phone = device()
    const odd = 'a\u0000b\n"\\\u2028\ud800 é 日本 \u{1f3e0}'
    await phone.send(odd)
    expect((await phone.another().fetch()).lines).toEqual([lineOf(phone, 0, odd)])
  })

  test('3 nobody is sent their own operations back', async () => {
    const phone = device()
    await phone.send('a')
    expect((await phone.send('b')).lines).toEqual([])
    expect((await phone.fetch({}, { operation_index: 1 })).lines).toEqual([])
  })

  test('4 sync_status hides what is known, the last known one included', async () => {
    const phone = device()
    for (const payload of 'abcd') await phone.send(payload)
    const laptop = phone.another()
    const shown = async (known: number) => (await laptop.fetch({ [phone.id]: known })).lines.map((line) => line.payload)
    expect([await shown(-1), await shown(0), await shown(2), await shown(3)]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
      ['d'],
      [],
    ])
    expect((await laptop.fetch({ [phone.id.toUpperCase()]: 2 })).lines.map((line) => line.payload)).toEqual(['d'])
    const literal = await sync(
      server.url,
      { user: phone.user, client_id: laptop.id, sync_status: { [phone.id]: 2 } },
      { query: '?inclusive=1' },
    )
    expect(literal.lines.map((line) => line.payload)).toEqual(['c', 'd'])
  })

  test('5 a fetch needs neither payload nor index nor status, and stores nothing', async () => {
    const phone = device()
    await phone.send('a')
    const laptop = phone.another()
    for (const more of [{}, { payload: '' }, { payload: null, operation_index: null }, { operation_index: -1 }])
      expect((await sync(server.url, { user: phone.user, client_id: laptop.id, ...more })).lines).toHaveLength(1)
    expect((await phone.fetch({ [phone.id]: 0 })).lines).toEqual([])
    // Without its index a client that lost its state gets its own back (D3).
    expect((await phone.fetch({ [phone.id]: -1 })).lines).toHaveLength(1)
  })

  test('6 an operation sent again is stored once', async () => {
    const phone = device()
    for (let times = 0; times < 3; times += 1) expect((await phone.send('a', { operation_index: 0 })).status).toBe(200)
    expect((await phone.another().fetch()).lines).toEqual([lineOf(phone, 0, 'a')])
  })

  test('7 another payload for a taken index is 409, and the first one stays', async () => {
    const phone = device()
    await phone.send('first', { operation_index: 4 })
    const answer = await phone.send('second', { operation_index: 4 })
    expect(answer.status).toBe(409)
    expect(JSON.parse(answer.text)).toEqual({
      error: 'operation_conflict',
      message: expect.any(String),
      client_id: phone.id,
      operation_index: 4,
      stored_md5: '8b04d5e3775d298e78455efc5ca404d5',
    })
    expect((await phone.another().fetch()).lines).toEqual([lineOf(phone, 4, 'first')])
  })

  test('8 an operation after a gap is delivered, and what fills the gap later', async () => {
    const phone = device()
    await phone.send('0', { operation_index: 0 })
    const ahead = await phone.send('3', { operation_index: 3 })
    expect(ahead.headers.get('sync-gaps')).toBe(`${phone.id}=1`)
    await phone.send('1', { operation_index: 1 })
    const laptop = phone.another()
    const early = await laptop.fetch()
    expect(early.lines.map((line) => line.payload)).toEqual(['0', '3', '1'])
    expect(early.headers.get('sync-gaps')).toBe(`${phone.id}=2`)
    const filled = await phone.send('2', { operation_index: 2 })
    expect(filled.headers.get('sync-gaps')).toBeNull()
    expect((await laptop.fetch({ [phone.id]: 1 })).lines.map((line) => line.payload)).toEqual(['3', '2'])
    expect((await phone.another().fetch()).lines.map((line) => line.payload)).toEqual(['0', '3', '1', '2'])
  })

  test('9 keys that differ by one character or a line end are different people', async () => {
    const key = freshKey()
    await device(key).send('mine')
    for (const other of [`${key}\n`, `${key} `, key.toLowerCase(), key.slice(1)])
      expect((await device(other).fetch()).lines).toEqual([])
    expect((await device(key).fetch()).lines).toHaveLength(1)
  })

  test('10 every line is one document of exactly three members, and the last one ends too', async () => {
    const phone = device()
    for (const payload of ['a', 'b\nb', 'c']) await phone.send(payload)
    const { text } = await phone.another().fetch()
    expect(text.endsWith('\n')).toBe(true)
    const documents = text.slice(0, -1).split('\n')
    expect(documents).toHaveLength(3)
    for (const one of documents)
      expect(Object.keys(JSON.parse(one))).toEqual(['client_id', 'operation_index', 'payload'])
  })

  test('10 nothing in a payload ends a line, not even for readers that know more line ends than one', async () => {
    const phone = device()
    const ends = '\u2028\u2029\u0085\v\f\u001c\u001d\u001e\r'
    const odd = `a${ends}b\n`
    for (const payload of [odd, odd.repeat(4_000)]) await phone.send(payload)
    const { text, lines } = await phone.another().fetch()
    expect([...ends].filter((end) => text.includes(end))).toEqual([])
    expect(lines.map((line) => line.payload)).toEqual([odd, odd.repeat(4_000)])
  })

  test('13 of many uploads of one slot at once one wins, and the others learn of it', async () => {
    const phone = device()
    const payloads = Array.from({ length: 20 }, (_, index) =>
      index % 2 ? `small ${index}` : `${index}`.padEnd(40_000),
    )
    const answers = await Promise.all(payloads.map((payload) => phone.send(payload, { operation_index: 0 })))
    const won = answers.flatMap((answer, index) => (answer.status === 200 ? [payloads[index]] : []))
    expect(won).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(19)
    expect((await phone.another().fetch()).lines.map((line) => line.payload)).toEqual(won)
    const same = await Promise.all(Array.from({ length: 10 }, () => phone.send('same', { operation_index: 1 })))
    expect(same.map((answer) => answer.status)).toEqual(Array(10).fill(200))
    expect((await phone.another().fetch()).lines).toHaveLength(2)
  })

  test('14 what is wrong is said with a code and in words', async () => {
    const good = { user: freshKey(), client_id: randomUUID(), operation_index: 0, payload: 'x' }
    const cases: Array<[change: Record<string, unknown>, status: number, error: string]> = [
      [{ client_id: 'phone' }, 400, 'invalid_client_id'],
      [{ client_id: undefined }, 400, 'invalid_client_id'],
      [{ client_id: 7 }, 400, 'invalid_client_id'],
      [{ operation_index: '3' }, 400, 'invalid_operation_index'],
      [{ operation_index: 3.5 }, 400, 'invalid_operation_index'],
      [{ operation_index: -1 }, 400, 'invalid_operation_index'],
      [{ operation_index: null }, 400, 'invalid_operation_index'],
      [{ operation_index: 2 ** 53 }, 400, 'invalid_operation_index'],
      [{ sync_status: { phone: 1 } }, 400, 'invalid_sync_status'],
      [{ sync_status: { [randomUUID()]: -2 } }, 400, 'invalid_sync_status'],
      [{ sync_status: { [randomUUID()]: '1' } }, 400, 'invalid_sync_status'],
      [{ sync_status: [] }, 400, 'invalid_sync_status'],
      [{ user: '' }, 400, 'invalid_user'],
      [{ user: 5 }, 400, 'invalid_user'],
      [{ user: undefined }, 400, 'invalid_user'],
      [{ user: 'k'.repeat(8193) }, 400, 'invalid_user'],
      [{ user: { kty: 'RSA', n: 'a', d: 'secret' } }, 400, 'invalid_user'],
      [{ payload: 5 }, 400, 'invalid_payload'],
      [{ payload: {} }, 400, 'invalid_payload'],
      [{ payload_md5: '0'.repeat(32) }, 400, 'payload_md5_mismatch'],
      [{ wait: 61 }, 400, 'invalid_request'],
      [{ payload: 'p'.repeat(mebibyte + 1) }, 413, 'payload_too_large'],
      [{ payload: 'é'.repeat(mebibyte / 2 + 1) }, 413, 'payload_too_large'],
    ]
    for (const [change, status, error] of cases) {
      const answer = await sync(server.url, { ...good, ...change })
      expect([answer.status, answer.error], JSON.stringify(change).slice(0, 80)).toEqual([status, error])
      expect(answer.headers.get('content-type')).toBe('application/json')
    }
    expect((await sync(server.url, { ...good, client_id: randomUUID(), payload: undefined })).text).toBe('')
  })

  test('15 a key of any shape is harmless on disk', async () => {
    for (const key of [
      '/../../etc/passwd',
      '../x',
      'a\nb',
      `${'/'.repeat(400)}${'.'.repeat(400)}`,
      '\u0000',
      'C:\\x',
    ]) {
      const phone = device(`${key}${freshKey()}`)
      const long = key.padEnd(40_000, '.')
      expect((await phone.send(long)).status).toBe(200)
      expect((await phone.another().fetch()).lines).toEqual([lineOf(phone, 0, long)])
    }
    const names = readdirSync(server.dataFolder, { recursive: true }) as string[]
    expect(names.filter((name) => !/^[\w.-]+(?:\/[\w.-]+)*$/.test(name))).toEqual([])
  })
})

describe('the decisions', () => {
  test('D5 D19 an index is held against its payload, not against the MD5 of it', async () => {
    const phone = device()
    // Lone surrogates: two strings, but the same bytes of UTF-8.
    expect((await phone.send('\ud800', { operation_index: 0 })).status).toBe(200)
    expect((await phone.send('\ud801', { operation_index: 0 })).status).toBe(409)
    expect((await phone.send('\ud800', { operation_index: 0 })).status).toBe(200)
    expect((await phone.another().fetch()).lines).toEqual([lineOf(phone, 0, '\ud800')])
  })

  test('D7 a cursor selects what arrived since, gaps and all', async () => {
    const phone = device()
    const laptop = phone.another()
    expect((await laptop.fetch()).headers.get('sync-cursor')).toBe('0')
    await phone.send('5', { operation_index: 5 })
    const first = await laptop.fetch({}, { cursor: '0' })
    expect(first.lines.map((line) => line.payload)).toEqual(['5'])
    const cursor = first.headers.get('sync-cursor')
    await phone.send('2', { operation_index: 2 })
    const late = await laptop.fetch({ [phone.id]: 5 }, { cursor })
    expect(late.lines.map((line) => line.payload)).toEqual(['2'])
    expect((await laptop.fetch({ [phone.id]: 5 }, { cursor: late.headers.get('sync-cursor') })).text).toBe('')
    expect((await laptop.fetch({ [phone.id]: 5 })).text).toBe('')
  })

  test('D7 a cursor that this log does not know counts as none', async () => {
    const [phone, stranger] = [device(), device()]
    await phone.send('a')
    await stranger.send('b')
    const foreign = (await stranger.fetch()).headers.get('sync-cursor')
    for (const cursor of [foreign, 'x', 'AAAAAAAAAAAAAAAAAAAAAA']) {
      const answer = await phone.another().fetch({}, { cursor })
      expect([answer.lines.length, answer.headers.get('sync-behind')]).toEqual([1, '1'])
    }
    expect((await phone.fetch({}, { cursor: 7 })).status).toBe(400)
  })

  test('D9 lines come in the order in which they arrived', async () => {
    const [phone, laptop] = [device(), device()]
    const other = new Device(server, phone.user)
    await phone.send('p0')
    await other.send('o0')
    await phone.send('p1')
    await other.send('o1')
    expect((await new Device(server, phone.user).fetch()).lines.map((line) => line.payload)).toEqual([
      'p0',
      'o0',
      'p1',
      'o1',
    ])
    expect((await laptop.fetch()).lines).toEqual([])
  })

  test('D12 JSON may be called plain text or nothing, other types are 415', async () => {
    const body = JSON.stringify({ user: freshKey(), client_id: randomUUID() })
    const post = async (headers: Record<string, string>) =>
      told(await fetch(`${server.url}/sync`, { method: 'POST', headers, body: Buffer.from(body) }))
    for (const type of ['application/json', 'text/plain;charset=UTF-8', 'application/problem+json; charset=utf-8'])
      expect((await post({ 'Content-Type': type })).status).toBe(200)
    expect((await post({})).status).toBe(200)
    for (const type of ['application/x-www-form-urlencoded', 'image/png', 'text/plain; charset=utf-16'])
      expect((await post({ 'Content-Type': type })).error).toBe('unsupported_media_type')
  })

  test('D15 a payload of exactly 1 MiB is taken, and given back as it was', async () => {
    const phone = device()
    const payload = randomBytes(mebibyte / 2).toString('hex')
    expect((await phone.send(payload)).status).toBe(200)
    const escaped = '\n'.repeat(mebibyte)
    expect((await phone.send(escaped)).status).toBe(200)
    const { lines } = await phone.another().fetch()
    expect(lines.map((line) => line.payload === payload || line.payload === escaped)).toEqual([true, true])
  })

  test('D15 a mebibyte is taken even if every byte of it is escaped, as some encoders do', async () => {
    const writing = (text: string) => JSON.stringify(text).replace(/[^ -~]/g, (one) => `\\u${hexOf(one)}`)
    for (const payload of ['\u0001'.repeat(mebibyte), 'é'.repeat(mebibyte / 2), '\u{1f3e0}'.repeat(mebibyte / 4)]) {
      const phone = device()
      const ask = JSON.stringify({ user: phone.user, client_id: phone.id, operation_index: 0 })
      expect((await sync(server.url, `${ask.slice(0, -1)},"payload":${writing(payload)}}`)).status).toBe(200)
      const { lines } = await phone.another().fetch()
      expect(lines.map((line) => line.payload === payload)).toEqual([true])
    }
  })

  test('D15 compressed bodies are inflated, and the limit counts what comes out', async () => {
    const post = async (encoding: string, body: Buffer<ArrayBuffer>) =>
      told(
        await fetch(`${server.url}/sync`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
          body,
        }),
      )
    const request = { user: freshKey(), client_id: randomUUID(), operation_index: 0, payload: 'x'.repeat(900_000) }
    expect((await post('gzip', gzipSync(JSON.stringify(request)))).status).toBe(200)
    expect((await post('deflate', deflateSync(JSON.stringify(request)))).status).toBe(200)
    const bomb = gzipSync(JSON.stringify({ ...request, payload: 'x'.repeat(50 * mebibyte) }))
    expect((await post('gzip', bomb)).error).toBe('payload_too_large')
    expect((await post('gzip', Buffer.from('not gzip'))).status).toBe(400)
    expect((await post('br', Buffer.from('x'))).error).toBe('unsupported_encoding')
  })

  test('D16 a JWK is the same key whatever the order of its members', async () => {
    const n = freshKey()
    const phone = device({ kty: 'RSA', n, e: 'AQAB' })
    await phone.send('a')
    expect((await device({ e: 'AQAB', n, kty: 'RSA' }).fetch()).lines).toHaveLength(1)
    expect((await device({ e: 'AQAB', n, kty: 'RSA', alg: 'RSA-OAEP-256' }).fetch()).lines).toHaveLength(0)
  })

  test('D16 a JWK may have any members, and each of them counts', async () => {
    const rsa = `"kty":"RSA","n":"${freshKey()}"`
    const keys = [
      `{${rsa}}`,
      `{${rsa},"use":null}`,
      `{${rsa},"__proto__":1}`,
      `{${rsa},"x":{"b":[{"d":1,"c":2}],"a":1}}`,
    ].map((text) => JSON.parse(text) as unknown)
    for (const [index, user] of keys.entries()) expect((await device(user).send(`${index}`)).status).toBe(200)
    for (const [index, user] of keys.entries())
      expect((await device(user).fetch()).lines.map((line) => line.payload)).toEqual([`${index}`])
    const turned = JSON.parse(`{"x":{"a":1,"b":[{"c":2,"d":1}]},${rsa}}`) as unknown
    expect((await device(turned).fetch()).lines.map((line) => line.payload)).toEqual(['3'])
  })

  test('D17 client ids are one in upper and lower case, and come back as first sent', async () => {
    const phone = device()
    const shouted = phone.id.toUpperCase()
    await phone.send('a', { client_id: shouted })
    expect((await phone.send('b', { operation_index: 0 })).status).toBe(409)
    await phone.send('c', { operation_index: 1 })
    expect((await phone.another().fetch()).lines.map((line) => line.client_id)).toEqual([shouted, shouted])
  })

  test('D17 whoever knows more than is stored is told so, and it is no error', async () => {
    const phone = device()
    await phone.send('a')
    const laptop = phone.another()
    const behind = async (status: Record<string, number>) => (await laptop.fetch(status)).headers.get('sync-behind')
    expect(await behind({ [phone.id]: 0 })).toBeNull()
    expect(await behind({ [phone.id]: 1 })).toBe('1')
    expect(await behind({ [randomUUID()]: 0 })).toBe('1')
    expect((await device().fetch({ [phone.id]: 0 })).headers.get('sync-behind')).toBe('1')
  })

  test('D17 ten thousand clients in sync_status are taken, one more is not', async () => {
    const status = Object.fromEntries(Array.from({ length: 10_000 }, () => [randomUUID(), 3]))
    const phone = device()
    expect((await phone.fetch(status)).status).toBe(200)
    expect((await phone.fetch({ ...status, [randomUUID()]: 1 })).error).toBe('invalid_sync_status')
  })

  test('D18 3.0 is 3', async () => {
    const phone = device()
    const raw = `{"user":${JSON.stringify(phone.user)},"client_id":"${phone.id}","operation_index":3.0,"payload":"x"}`
    expect((await sync(server.url, raw)).status).toBe(200)
    const zero = raw.replace('3.0', '-0')
    expect((await sync(server.url, zero)).status).toBe(200)
    const lines = (await phone.another().fetch()).lines.map((line) => line.operation_index)
    expect(lines).toEqual([3, 0])
    expect(Object.is(lines[1], 0)).toBe(true)
    expect((await phone.send('top', { operation_index: 2 ** 53 - 1 })).status).toBe(200)
    expect((await phone.another().fetch()).lines.at(-1)?.operation_index).toBe(2 ** 53 - 1)
  })

  test('D23 other methods are 405', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await fetch(`${server.url}/sync`, { method })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, POST'])
    }
  })

  test('the server writes down no key', async () => {
    const phone = device(`secret-key-${freshKey()}`)
    await phone.send('a')
    await phone.send('b', { operation_index: 0 })
    expect(server.log()).not.toContain('secret-key-')
    const everything = readdirSync(server.dataFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    expect(everything.some((text) => text.includes('secret-key-'))).toBe(false)
  })
})

function hexOf(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0')
}

test('garbage is never a 5xx', async () => {
  const key = freshKey()
  const client = randomUUID()
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '3',
    '"x"',
    '['.repeat(100_000),
    `{"user":${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
    `{"user":${'{"a":'.repeat(1_500)}1${'}'.repeat(1_500)},"client_id":"${client}"}`,
    `{"user":"\\ud800","client_id":"${client}"}`,
    `{"user":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)},"client_id":"${client}"}`,
    `{"user":"${key}","client_id":"${client}","operation_index":1e400,"payload":"x"}`,
    `{"user":"${key}","client_id":"${client}","sync_status":{"__proto__":1}}`,
    `{"user":"${key}","client_id":"${client}","cursor":"${'x'.repeat(65)}"}`,
    `{"user":"${key}","client_id":"${client}","wait":"1"}`,
    `{"user":"${key}","client_id":"${client}","wait":-1}`,
    `\ufeff{"user":"${key}","client_id":"${client}","wait":-1}`,
    randomBytes(500).toString('latin1'),
  ]
  for (const body of bodies) {
    const answer = await sync(server.url, body)
    expect([answer.status, typeof answer.error], body.slice(0, 60)).toEqual([400, 'string'])
  }
  const invalid = await fetch(`${server.url}/sync`, { method: 'POST', body: Buffer.from([0x22, 0xff, 0x22]) })
  expect(invalid.status).toBe(400)
})
