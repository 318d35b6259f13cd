import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, createBackup, factorsAt, startFactors } from '#e2e/support/factors.ts'
import { envelope, refusal } from '#e2e/support/factors-errors.ts'
import { rawRequest } from '#e2e/support/personas.ts'
import { sendRaw, statusOf } from '#e2e/support/raw-http.ts'
import type { TestServer } from '#e2e/support/server.ts'

const json = { 'Content-Type': 'application/json' }

/** Paths that read JSON, with the limit of §8. The gated ones hash their body and so read it in their own way (§6). */
const ordinary = [
  'create/challenge/passkey',
  'create/challenge/keypair',
  'retrieve/challenge/keypair',
  'verify-factor/challenge/keypair',
  'add-sync-factor/challenge/keypair',
  'sync/challenge/keypair',
  'retrieve-metadata/challenge/keypair',
  'delete-factor/challenge/keypair',
  'delete-backup/challenge/keypair',
  'reset/challenge/keypair',
  'add-factor/challenge',
  'add-sync-factor',
  'add-factor',
  'retrieve-metadata',
  'delete-backup',
  'reset',
  'backup/status',
  'add-main-factor/challenge',
  'add-main-factor',
  'history/challenge/keypair',
  'history',
  'restore/challenge/keypair',
  'restore',
]
const gated = ['retrieve/from-challenge', 'verify-factor', 'delete-factor']
const anyBody = [
  'retrieve/challenge/passkey',
  'verify-factor/challenge/passkey',
  'history/challenge/passkey',
  'restore/challenge/passkey',
]
const forms = ['create', 'sync']
const all = [...ordinary, ...gated, ...anyBody, ...forms]

/** What is wrong before a route's own rules begin: the peer's statuses, in the envelope of §1.1 (§1.2, §10.13). */
describe.each(['/v1', ''] as const)('refusals of the framework under %j', (prefix) => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url, prefix)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const post = (path: string, body: string | Buffer<ArrayBuffer>, headers: Record<string, string>) =>
    said(fetch(api.at(path), { method: 'POST', headers, body }))

  test.each([...ordinary, ...gated])('%s without a JSON content type is 415', async (path) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', 'text/json'])
      expect(await post(path, '{}', { 'Content-Type': type })).toEqual([415, envelope])
    const bare = await rawRequest(server.url, `${prefix}/${path}`, { method: 'POST', body: '{}' })
    expect([bare.status, JSON.parse(bare.body.toString())]).toEqual([415, envelope])
  })

  test('JSON is JSON by any of its names', async () => {
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.x+json'])
      expect((await post('sync/challenge/keypair', '{}', { 'Content-Type': type }))[0]).toBe(200)
  })

  test.each([...ordinary, ...gated])('%s with broken JSON is 400', async (path) => {
    for (const body of ['', '{', '{"a":}', '{}x', 'nonsense', '\u0000'])
      expect([body, await post(path, body, json)]).toEqual([body, [400, envelope]])
  })

  test.each([...ordinary, ...gated])('%s with JSON of another shape is 422', async (path) => {
    for (const body of ['7', '"x"', 'null']) {
      const answer = await post(path, body, json)
      expect([body, answer]).toEqual([body, [422, envelope]])
    }
  })

  test.each(ordinary)('%s takes 2 MiB of JSON and no byte more', async (path) => {
    const padded = (size: number) => `{"pad":"${'x'.repeat(size - 10)}"}`
    expect((await post(path, padded(2_097_152), json))[0]).not.toBe(413)
    expect(await post(path, padded(2_097_153), json)).toEqual([413, envelope])
  })

  test.each(gated)('%s takes 1 MiB of JSON and no byte more', async (path) => {
    const padded = (size: number) => `{"pad":"${'x'.repeat(size - 10)}"}`
    expect((await post(path, padded(1_048_576), json))[0]).toBe(422)
    expect(await post(path, padded(1_048_577), json)).toEqual(refusal('invalid_payload', 'Body payload is invalid'))
  })

  test.each(gated)('%s with bytes that are no UTF-8 is an invalid payload', async (path) => {
    expect(await post(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), json)).toEqual(
      refusal('invalid_payload', 'Body payload is invalid'),
    )
  })

  test('a body in pieces without a length counts as well', async () => {
    const big = `{"pad":"${'x'.repeat(2_200_000)}"}`
    const answer = fetch(api.at('backup/status'), {
      method: 'POST',
      headers: json,
      body: new Blob([big]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect(await said(answer)).toEqual([413, envelope])
  })

  test('a gzipped body is inflated, and its limit counts what comes out', async () => {
    const zipped = (text: string) => gzipSync(text) as Buffer<ArrayBuffer>
    const headers = { ...json, 'Content-Encoding': 'gzip' }
    expect((await post('sync/challenge/keypair', zipped('{}'), headers))[0]).toBe(200)
    expect(await post('backup/status', zipped(`{"pad":"${'x'.repeat(3_000_000)}"}`), headers)).toEqual([413, envelope])
    expect((await post('sync/challenge/keypair', Buffer.from('{}'), headers))[0]).toBe(400)
  })

  test.each(all)('%s by another method is 405 with Allow', async (path) => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await fetch(api.at(path), { method })
      expect([method, answer.status]).toEqual([method, 405])
      expect(answer.headers.get('allow')).toContain('POST')
    }
  })

  test('every answer carries a request id, no cookie, no CORS and no maker’s name', async () => {
    for (const path of ['sync/challenge/keypair', 'backup/status', 'create']) {
      const { headers } = await api.post(path, {}, { Origin: 'https://elsewhere.example' })
      expect(headers.get('x-request-id')).toBeTruthy()
      for (const name of ['set-cookie', 'access-control-allow-origin', 'x-powered-by', 'server'])
        expect([name, headers.get(name)]).toEqual([name, null])
    }
  })

  test('no answer holds a stack, a path or a library’s name', async () => {
    const backup = await createBackup(api)
    const answers = [
      await post('retrieve/from-challenge', '{"authorization":{"kind":"PASSKEY","credential":null}}', json),
      await post('create', '--x', { 'Content-Type': 'multipart/form-data; boundary=x' }),
      await post('reset', JSON.stringify({ backupAccountId: backup.id }), json),
      await post('delete-factor', '{"scope":"BOTH"}', json),
    ]
    for (const [, body] of answers) {
      expect(body).toEqual(envelope)
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts\b|\.mjs|\bat \w+ \(|busboy|zod|jose|sqlite/i)
    }
  })

  test('a JSON body that never ends costs the connection, not the server', async () => {
    const head = `POST ${prefix}/backup/status HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`
    await sendRaw(server.url, `${head}Content-Length: 100\r\n\r\n{"a":`, 300)
    const both = `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{}`
    expect(statusOf(await sendRaw(server.url, both, 1_000))).toBe(400)
    expect((await api.send('sync/challenge/keypair', {}))[0]).toBe(200)
  })
})

describe('what belongs to whom', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startFactors()
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test('/v1/sync takes nothing but multipart, and says so in this surface’s words', async () => {
    for (const headers of [json, { 'Content-Type': 'text/plain' }, {}]) {
      const answer = fetch(`${server.url}/v1/sync`, { method: 'POST', headers, body: '{}' })
      expect(await said(answer)).toEqual([400, envelope])
    }
  })

  test('/openapi.json and /docs name every route', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
    for (const path of all) expect(Object.keys(paths)).toContain(`/v1/${path}`)
    const docs = await (await fetch(`${server.url}/docs`)).text()
    expect(docs).toContain('/v1/retrieve/from-challenge')
  })

  test('/health and /ready answer as the clients of the contract expect', async () => {
    expect(await said(fetch(`${server.url}/health`))).toEqual([200, expect.objectContaining({ status: 'ok' })])
    expect(await said(fetch(`${server.url}/ready`))).toEqual([200, expect.objectContaining({ status: 'ok' })])
  })
})
