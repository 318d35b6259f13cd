import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { assert, asyncProperty, jsonValue, string } from 'fast-check'
import { CompactSign } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '#server/config/env.ts'
import { JwksCache } from '#server/http/jwks.ts'
import { createLog } from '#server/kit/log.ts'
import { isProblem } from '#server/kit/problem.ts'
import { checkAttestation } from './check-attestation.ts'
import { requestHash } from './request-hash.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const gateway = createServer((_, response) => {
  response.end(JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }] }))
})
beforeAll(async () => {
  gateway.listen(0, '127.0.0.1')
  await once(gateway, 'listening')
})
afterAll(() => gateway.close())

const now = Date.now()
const seconds = Math.floor(now / 1000)
const request = { method: 'POST', path: '/v1/verify-factor', body: Buffer.from('{"a":1}') }
const header = 'Attestation token header is invalid or not present.'
const invalid = 'Invalid attestation token.'
const claim = (what: string) => `Invalid attestation token claim: ${what}.`

function houseOf(mode: 'off' | 'token' | 'jwt', env: Record<string, string> = {}) {
  const clock = { now: () => now }
  const { port } = gateway.address() as AddressInfo
  const config = readConfig({
    HEARTHKEEP_ATTESTATION: mode,
    HEARTHKEEP_ATTESTATION_TOKEN: 'shared-one,shared-two',
    HEARTHKEEP_ATTESTATION_JWKS_URL: `http://127.0.0.1:${port}/.well-known/jwks.json`,
    ...env,
  })
  return { config, clock, jwks: new JwksCache({ clock, log: createLog('silent') }) }
}

type Forgery = { header?: object; claims?: object; key?: KeyObject }

function gatewayToken({ header = {}, claims = {}, key = privateKey }: Forgery = {}): Promise<string> {
  const honest = {
    pass: true,
    iat: seconds,
    exp: seconds + 60,
    iss: 'attestation.worldcoin.org',
    aud: 'toolsforhumanity.com',
    jti: requestHash(request),
  }
  return new CompactSign(Buffer.from(JSON.stringify({ ...honest, ...claims })))
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(key)
}

async function check(mode: 'off' | 'token' | 'jwt', token: string | null, env = {}): Promise<string | null> {
  return (await checkAttestation(houseOf(mode, env), { ...request, token }))?.message ?? null
}

test('a JWT of the gateway for this request passes, as often as the request is sent', async () => {
  const token = await gatewayToken()
  const house = houseOf('jwt')
  expect(await checkAttestation(house, { ...request, token })).toBeNull()
  expect(await checkAttestation(house, { ...request, token })).toBeNull()
})

test('the shared tokens pass in every mode', async () => {
  for (const mode of ['off', 'token', 'jwt'] as const)
    for (const token of ['shared-one', 'shared-two']) expect(await check(mode, token)).toBeNull()
})

test('no token, an empty one and one that is not ASCII are faults of the header', async () => {
  for (const mode of ['off', 'token', 'jwt'] as const)
    for (const token of [null, '', 'tökén', 'a\u0000b']) expect(await check(mode, token)).toBe(header)
})

test('other tokens are invalid', async () => {
  for (const mode of ['off', 'token', 'jwt'] as const)
    for (const token of ['shared', 'shared-one2', 'shared-one,shared-two', 'a.b.c'])
      expect(await check(mode, token)).toBe(invalid)
  expect(await check('token', await gatewayToken())).toBe(invalid)
})

const expired = claim('Token expired or expires at claim')
const wrongAudience = claim('Audience claim is not valid')
const wrongHash = claim('JTI claim (request hash) is not valid')

test.each<[string, Forgery, string]>([
  ['without kid', { header: { kid: undefined } }, invalid],
  ['with an unknown kid', { header: { kid: 'two' } }, invalid],
  ['by another key', { key: other.privateKey }, invalid],
  ['that did not pass', { claims: { pass: false } }, invalid],
  ['that says pass as text', { claims: { pass: 'true' } }, invalid],
  ['that did not pass and has run out', { claims: { pass: false, exp: seconds - 1 } }, invalid],
  ['that has run out', { claims: { exp: seconds - 1 } }, expired],
  ['without exp', { claims: { exp: undefined } }, expired],
  ['that has run out, for somebody else', { claims: { exp: seconds - 1, aud: 'x' } }, expired],
  ['from the future', { claims: { iat: seconds + 60 } }, invalid],
  ['without iat', { claims: { iat: undefined } }, invalid],
  ['of another issuer', { claims: { iss: 'https://attestation.worldcoin.org' } }, invalid],
  ['of another issuer, for somebody else', { claims: { iss: 'x', aud: 'x' } }, invalid],
  ['for somebody else', { claims: { aud: 'x' } }, wrongAudience],
  ['with a list of audiences', { claims: { aud: ['toolsforhumanity.com'] } }, wrongAudience],
  ['without aud', { claims: { aud: undefined } }, wrongAudience],
  ['for somebody else and another request', { claims: { aud: 'x', jti: 'x' } }, wrongAudience],
  ['for another request', { claims: { jti: requestHash({ ...request, path: '/verify-factor' }) } }, wrongHash],
  ['without jti', { claims: { jti: undefined } }, wrongHash],
])('a JWT %s is refused', async (_, forgery, message) => {
  const token = await gatewayToken(forgery)
  expect(await check('jwt', token)).toBe(message)
  expect(await check('off', token)).toBe(message)
})

test('neither "none" nor HS256 with the public key is a signature', async () => {
  const [, claims] = (await gatewayToken()).split('.')
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  expect(await check('jwt', `${part({ alg: 'none', kid: 'one' })}.${claims}.`)).toBe(invalid)
  const pem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }))
  const signed = new CompactSign(Buffer.from(claims ?? '', 'base64url'))
  expect(await check('jwt', await signed.setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(pem))).toBe(invalid)
})

test('a body that is no JSON is refused as not the one the token is for', async () => {
  const token = await gatewayToken()
  const failure = await checkAttestation(houseOf('jwt'), { ...request, body: Buffer.from('{'), token })
  expect(failure).toMatchObject({ code: 'factors.invalid_attestation_token_claim', message: wrongHash })
})

test('issuer and audience are settings', async () => {
  const env = { HEARTHKEEP_ATTESTATION_ISSUER: 'us', HEARTHKEEP_ATTESTATION_AUDIENCE: 'ours' }
  expect(await check('jwt', await gatewayToken({ claims: { iss: 'us', aud: 'ours' } }), env)).toBeNull()
  expect(await check('jwt', await gatewayToken(), env)).toBe(invalid)
})

test('a gateway that cannot be asked is our failure, and refuses nobody while attestation is off', async () => {
  const away = { HEARTHKEEP_ATTESTATION_JWKS_URL: 'http://127.0.0.1:1/jwks.json' }
  const token = await gatewayToken()
  await expect(check('jwt', token, away)).rejects.toMatchObject({ code: 'server.failed' })
  expect(await check('off', token, away)).toBe('Internal server error')
})

test('while attestation is off and no gateway is known, every JWT is one we cannot trust', async () => {
  expect(await check('off', await gatewayToken(), { HEARTHKEEP_ATTESTATION_JWKS_URL: '' })).toBe(invalid)
})

test('whatever comes, nothing but the three codes', async () => {
  const codes = [
    'factors.invalid_attestation_token_header',
    'factors.invalid_attestation_token',
    'factors.invalid_attestation_token_claim',
  ]
  const house = houseOf('jwt')
  const codeOf = (token: string) =>
    checkAttestation(house, { ...request, token }).then(
      (failure) => failure?.code,
      (error) => isProblem(error) && error.code,
    )
  await assert(
    asyncProperty(string({ unit: 'binary' }), async (token) => {
      expect(codes).toContain(await codeOf(token))
    }),
  )
  await assert(
    asyncProperty(jsonValue(), jsonValue(), async (value, another) => {
      const token = await gatewayToken({ claims: { jti: value, exp: another } })
      expect(codes).toContain(await codeOf(token))
      expect(codes).toContain(await codeOf(await gatewayToken({ claims: { jti: value, iat: another, aud: value } })))
    }),
  )
})
