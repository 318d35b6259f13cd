import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import { createLog } from '#server/kit/log.ts'
import { JwksCache } from './jwks.ts'

const minute = 60_000

function testCache() {
  let now = Date.now()
  const cache = new JwksCache({ clock: { now: () => now }, log: createLog('silent') })
  return { cache, pass: (milliseconds: number) => (now += milliseconds) }
}

const failed = expect.objectContaining({ code: 'server.failed' })

test('asks once, however many want the keys at once and within a minute', async () => {
  await using issuer = await startOidcIssuer()
  const { cache, pass } = testCache()
  const source = { issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  const all = await Promise.all(Array.from({ length: 10 }, () => cache.of(source)))
  pass(minute - 1)
  await cache.of(source)
  for (const keys of all) expect(await keys.find({ alg: 'RS256', kid: issuer.key.kid })).not.toBeNull()
  expect(issuer.requests).toEqual({ jwks: 1, discovery: 0 })
})

test('finds the address of the keys by discovery when only the issuer is known', async () => {
  await using issuer = await startOidcIssuer()
  const keys = await testCache().cache.of({ issuer: issuer.url, jwksUrl: null })
  expect(await keys.find({ alg: 'RS256', kid: issuer.key.kid })).not.toBeNull()
  expect(issuer.requests).toEqual({ jwks: 1, discovery: 1 })
})

test('after a minute, hands out what it has and asks anew in the background', async () => {
  await using issuer = await startOidcIssuer()
  const { cache, pass } = testCache()
  const source = { issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  await cache.of(source)
  pass(minute + 1)
  issuer.answerAfter(50)
  await cache.of(source)
  await expect.poll(() => issuer.requests.jwks, { timeout: 10_000 }).toBe(2)
})

test('lives on what it has for an hour while the issuer is away, and no longer', async () => {
  await using issuer = await startOidcIssuer()
  const { cache, pass } = testCache()
  const source = { issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  const header = { alg: 'RS256', kid: issuer.key.kid }
  await cache.of(source)
  await issuer.stop()
  pass(60 * minute - 1)
  expect(await (await cache.of(source)).find(header)).not.toBeNull()
  pass(1)
  await expect(cache.of(source)).rejects.toEqual(failed)
  await issuer.restart()
  expect(await (await cache.of(source)).find(header)).not.toBeNull()
})

test('looks for a new key at once when the issuer has begun to use it, but not for every name that is made up', async () => {
  await using issuer = await startOidcIssuer()
  const { cache, pass } = testCache()
  const source = { issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  await cache.of(source)
  issuer.rotateKey()
  expect(await (await cache.of(source)).find({ alg: 'RS256', kid: issuer.key.kid })).not.toBeNull()
  expect(issuer.requests.jwks).toBe(2)
  for (let round = 0; round < 10; round++)
    expect(await (await cache.of(source)).find({ alg: 'RS256', kid: `made-up-${round}` })).toBeNull()
  expect(issuer.requests.jwks).toBe(2)
  pass(30_000)
  expect(await (await cache.of(source)).find({ alg: 'RS256', kid: 'made-up' })).toBeNull()
  expect(issuer.requests.jwks).toBe(3)
})

test('forgets a key that the issuer has taken back', async () => {
  await using issuer = await startOidcIssuer()
  const { cache, pass } = testCache()
  const source = { issuer: issuer.url, jwksUrl: issuer.jwksUrl }
  const header = { alg: 'RS256', kid: issuer.key.kid }
  await cache.of(source)
  issuer.rotateKey({ keepOld: false })
  pass(60 * minute)
  expect(await (await cache.of(source)).find(header)).toBeNull()
})

test('a made-up name is not an error of ours while the issuer is away', async () => {
  await using issuer = await startOidcIssuer()
  const keys = await testCache().cache.of({ issuer: issuer.url, jwksUrl: issuer.jwksUrl })
  await issuer.stop()
  expect(await keys.find({ alg: 'RS256', kid: 'made-up' })).toBeNull()
})

test.each<[string, RequestListener]>([
  ['an answer of 404', (_, response) => response.writeHead(404).end('{"keys":[]}')],
  ['a page', (_, response) => response.end('<html></html>')],
  ['JSON that is no key set', (_, response) => response.end('{"keys":1}')],
  ['a list', (_, response) => response.end('[]')],
  ['more than 256 KiB', (_, response) => response.end(JSON.stringify({ keys: [], more: 'x'.repeat(256 * 1024) }))],
  ['a redirect', (_, response) => response.writeHead(302, { Location: '/keys' }).end()],
  ['a connection that is cut', (_, response) => response.socket?.destroy()],
  [
    'half an answer',
    (_, response) => response.writeHead(200, { 'Content-Length': '50' }).write('{"keys":') && response.socket?.end(),
  ],
  ['no answer within five seconds', () => {}],
])('%s is a failure, never keys', async (_, listener) => {
  await using server = await serve(listener)
  const { cache } = testCache()
  await expect(cache.of({ issuer: server.url, jwksUrl: `${server.url}/jwks` })).rejects.toEqual(failed)
})

test.each([
  ['of another issuer', { issuer: 'https://issuer.example', jwks_uri: 'http://127.0.0.1:1/' }],
  ['without an address', {}],
  ['with an address that is none', { jwks_uri: 'nowhere' }],
])('a discovery document %s is a failure', async (_, document) => {
  await using server = await serve((_, response) => response.end(JSON.stringify({ issuer: server.url, ...document })))
  await expect(testCache().cache.of({ issuer: server.url, jwksUrl: null })).rejects.toEqual(failed)
})

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
