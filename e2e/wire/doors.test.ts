import { randomBytes, randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { addDevice, signUp } from '#e2e/support/cloud.ts'
import { sendRaw, statusOf } from '#e2e/support/raw-http.ts'
import { startServer, type TestServer } from '#e2e/support/server.ts'

/** What only one door can say: Next drops the length; each answer has its own time and id, each server its cursors (stack §1). */
const ofTheDoor = new Set(
  'content-length transfer-encoding connection keep-alive date x-request-id vary cache-control etag sync-cursor'.split(
    ' ',
  ),
)

describe('the two doors (design §3)', () => {
  let direct: TestServer
  let pages: TestServer
  beforeAll(async () => {
    direct = await startServer()
    pages = await startServer({ pages: true, env: { HEARTHKEEP_TEST_DOOR: 'pages' } })
  })
  afterAll(async () => {
    await direct?.[Symbol.asyncDispose]()
    await pages?.[Symbol.asyncDispose]()
  })

  test('the folders under app/(wire) name the routes of the table, and no others', async () => {
    const served = (await (await fetch(`${direct.url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
    expect(foldersOf(join(import.meta.dirname, '..', '..', 'app', '(wire)'))).toEqual(Object.keys(served.paths).sort())
  })

  test('the YAML description says what the JSON one says', async () => {
    const [json, yaml] = [await fetch(`${direct.url}/openapi.json`), await fetch(`${direct.url}/openapi.yaml`)]
    expect(parse(await yaml.text())).toEqual(await json.json())
  })

  test('answer alike', async () => {
    const session = async ({ url }: TestServer) => (await addDevice(url, (await signUp(url)).token)).token
    const tokens = new Map([
      [direct, await session(direct)],
      [pages, await session(pages)],
    ])
    const body = randomBytes(500)
    const user = randomBytes(24).toString('base64')
    const [phone, laptop] = [randomUUID(), randomUUID()]
    const sync = (more: object) => Buffer.from(JSON.stringify({ user, client_id: phone, ...more }))
    const json = { 'Content-Type': 'application/json' }
    const form = { 'Content-Type': 'multipart/form-data; boundary=x' }
    const calls: Array<[method: string, path: string, headers: Record<string, string>, body?: Buffer<ArrayBuffer>]> = [
      ['GET', '/health', {}],
      ['GET', '/ready', {}],
      ['GET', '/v1/backup', {}],
      ['POST', '/v1/backup', { 'If-None-Match': '*' }, body],
      ['POST', '/v1/backup', { 'If-Match': '7' }, body],
      ['POST', '/v1/backup', {}, body],
      ['GET', '/v1/backup', {}],
      ['HEAD', '/v1/backup', {}],
      ['GET', '/v1/backup', { 'If-None-Match': '"1"' }],
      ['GET', '/v1/backup', { Range: 'bytes=5-9' }],
      ['DELETE', '/v1/backup', {}],
      ['OPTIONS', '/v1/devices', {}],
      ['GET', '/v1/devices/not-a-uuid', {}],
      ['POST', '/v1/users', { 'Content-Type': 'application/json' }, Buffer.from('{"username":""')],
      ['POST', '/v1/sessions', { 'Content-Type': 'text/plain' }, Buffer.from('x')],
      [
        'POST',
        '/graphql',
        { 'Content-Type': 'application/json' },
        Buffer.from('{"query":"{ __typename devices { id } }"}'),
      ],
      ['POST', '/graphql', { 'Content-Type': 'application/json' }, Buffer.from('{"query":')],
      ['GET', '/graphql', {}],
      ['GET', '/v1/none/of/this', {}],
      ['POST', '/sync', json, sync({ operation_index: 0, payload: 'short' })],
      ['POST', '/sync', {}, sync({ operation_index: 0, payload: 'another' })],
      ['POST', '/sync', json, sync({ operation_index: 2, payload: 'long'.repeat(100_000) })],
      ['POST', '/sync', { ...json, Origin: 'https://app.example' }, sync({ client_id: laptop })],
      ['POST', '/sync?inclusive=1', json, sync({ client_id: laptop, sync_status: { [phone]: 2, [laptop]: 0 } })],
      ['POST', '/sync', { ...json, 'Content-Encoding': 'gzip' }, gzipSync(sync({ client_id: laptop }))],
      ['POST', '/sync', json, sync({ operation_index: 3, payload: 'p'.repeat(2 ** 20 + 1) })],
      ['POST', '/sync', json, sync({ wait: 0.1, operation_index: 2 })],
      ['POST', '/sync', json, sync({ client_id: 'phone' })],
      ['POST', '/sync', { 'Content-Type': 'image/png' }, sync({})],
      ['POST', '/sync', json, Buffer.from('{')],
      ['POST', '/sync', form, Buffer.from('--x--\r\n')],
      ['GET', '/sync', {}],
      ['HEAD', '/sync', {}],
      ['OPTIONS', '/sync', { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' }],
      ['POST', '/sync/challenge', json, sync({})],
      ['POST', '/sync/proof', json, sync({ challenge: '1.x', nonce: 'x' })],
      ['GET', '/sync/keys', {}],
      ['PUT', '/sync/keys/7', json, Buffer.from('{}')],
      ['DELETE', '/sync/keys/7/operations', {}],
    ]
    for (const [method, path, headers, sent] of calls) {
      const answers = []
      for (const [server, token] of tokens) {
        const answer = await fetch(server.url + path, {
          method,
          headers: { Authorization: `Bearer ${token}`, ...headers },
          ...(sent ? { body: sent } : {}),
        })
        const kept = [...answer.headers].filter(([name]) => !ofTheDoor.has(name))
        answers.push([answer.status, kept, Buffer.from(await answer.arrayBuffer()).toString('latin1')])
      }
      expect(answers[1], `${method} ${path}`).toEqual(answers[0])
    }
  })
})

describe('the front door', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ pages: true })
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const get = async (target: string, headers: string) =>
    statusOf(await sendRaw(server.url, `GET ${target} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`))

  test.each(['evil.example', 'a b', 'x:99999', '[::1', '\xff'])('wire endpoints answer under Host %j', async (host) => {
    expect(await get('/health', `Host: ${host}\r\n`)).toBe(200)
  })

  test('pages answer under our names and addresses only', async () => {
    const { host } = new URL(server.url)
    for (const ours of [host, 'localhost', '192.168.1.20:4180', '[::1]:4180'])
      expect(await get('/sign-in', `Host: ${ours}\r\n`)).toBe(200)
    for (const theirs of ['evil.example', 'localhost.evil.example', '', 'a b'])
      expect(await get('/sign-in', `Host: ${theirs}\r\n`)).toBe(421)
  })

  test('an absolute request target is taken by its path', async () => {
    expect(await get('http://elsewhere.example/health', 'Host: x\r\n')).toBe(200)
  })

  test.each(['/v1/backup/%ZZ', '/%ZZ', '//', '/\\', '/..%2f..%2fetc', '/a\x01b', '*'])(
    'the target %j never makes a 5xx',
    async (target) => {
      const status = await get(target, 'Host: localhost\r\n')
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(500)
    },
  )

  test.each([
    ['TRACE', ''],
    ['POST', 'Next-Action: 0123456789abcdef0123456789abcdef01234567\r\n'],
    ['POST', 'Next-Action: x\r\nContent-Type: multipart/form-data; boundary=y\r\n'],
    ['POST', 'Content-Type: application/x-www-form-urlencoded\r\n'],
    ['GET', 'RSC: 1\r\nNext-Router-State-Tree: {broken\r\n'],
    ['GET', 'RSC: 1\r\nNext-Router-State-Tree: %5B%22x%22%5D\r\n'],
    ['GET', 'RSC: 1\r\nNext-Router-State-Tree: %5B%22%22%2C%7B%22children%22%3A1%7D%5D\r\n'],
    ['PROPFIND', ''],
  ])('%s to a page with %j is 4xx', async (method, headers) => {
    const head = `${method} / HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: 0\r\nConnection: close\r\n\r\n`
    const status = statusOf(await sendRaw(server.url, head, 5_000))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  test('pages carry a strict policy whose nonce is on every script', async () => {
    const answer = await fetch(server.url)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)?.[1]
    expect(policy).not.toContain('unsafe-inline')
    const html = await answer.text()
    const scripts = html.match(/<script[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`)
    expect(html).not.toMatch(/(?:src|href)="https?:/)
  })

  test('metrics are for loopback, and count requests without saying whose', async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).toMatch(/hearthkeep_requests_total\{[^}]*endpoint="health"/)
  })

  test('/docs is one page that loads nothing', async () => {
    const html = await (await fetch(`${server.url}/docs`)).text()
    expect(html).toContain('/v1/backup')
    expect(html).not.toMatch(/<script|src=|url\(/)
  })
})

/** `v1/devices/[id]` → `/v1/devices/{id}`; catch-alls are not operations of their own. */
function foldersOf(wire: string): string[] {
  return readdirSync(wire, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === 'route.ts')
    .map((entry) => entry.parentPath.slice(wire.length).replaceAll('\\', '/'))
    .filter((path) => !path.includes('[...'))
    .map((path) => path.replace(/\[(\w+)\]/g, '{$1}'))
    .sort()
}
