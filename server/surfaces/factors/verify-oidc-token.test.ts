import { createHash } from 'node:crypto'
import { assert, asyncProperty, jsonValue, string, tuple } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ecKey } from '#e2e/support/factors-keys.ts'
import { type Forger, forgerOf, oddIdTokens } from '#e2e/support/odd-id-tokens.ts'
import { type OidcIssuer, startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import { readConfig } from '#server/config/env.ts'
import { JwksCache } from '#server/http/jwks.ts'
import { createLog } from '#server/kit/log.ts'
import { isProblem } from '#server/kit/problem.ts'
import { nonceOfKey } from './nonce-of-key.ts'
import { verifyOidcToken } from './verify-oidc-token.ts'

let issuer: OidcIssuer
let forge: Forger
const { publicKey } = ecKey()
const nonce = nonceOfKey(publicKey)
const who = { subject: 'alice', nonce, email: 'alice@example.org' }

beforeAll(async () => {
  issuer = await startOidcIssuer({ audiences: ['first', 'second'] })
  forge = forgerOf(issuer, who)
})
afterAll(() => issuer[Symbol.asyncDispose]())

/** A server that knows the issuer as both providers. */
function houseOf(env: Record<string, string> = {}) {
  let now = Date.now()
  const clock = { now: () => now }
  const config = readConfig({
    HEARTHKEEP_OIDC_GOOGLE_ISSUER: issuer.url,
    HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: 'first',
    HEARTHKEEP_OIDC_APPLE_ISSUER: issuer.url,
    HEARTHKEEP_OIDC_APPLE_AUDIENCE: 'first, second',
    ...env,
  })
  const jwks = new JwksCache({ clock, log: createLog('silent') })
  return { config, clock, jwks, move: (milliseconds: number) => (now += milliseconds), set: (at: number) => (now = at) }
}

const google = (token: string) => ({ kind: 'GOOGLE', token }) as const

test('an id_token of the issuer, made for the session key, says who signed in', async () => {
  const house = houseOf()
  const account = await verifyOidcToken(house, google(await issuer.signIn(who)), publicKey)
  expect(account).toEqual({
    provider: 'GOOGLE',
    issuer: issuer.url,
    subject: 'alice',
    email: 'alice@example.org',
    nonceHash: createHash('sha256').update(`GOOGLE${nonce}`).digest('hex'),
    nonceExpiresAt: house.clock.now() + 365 * 24 * 60 * 60_000,
  })
})

test('a token without an address has none', async () => {
  const token = await issuer.signIn({ subject: 'nobody', nonce })
  expect(await verifyOidcToken(houseOf(), google(token), publicKey)).toMatchObject({ subject: 'nobody', email: null })
})

test('the same nonce is remembered for each provider by itself', async () => {
  const token = await issuer.signIn(who)
  const one = await verifyOidcToken(houseOf(), google(token), publicKey)
  const other = await verifyOidcToken(houseOf(), { kind: 'APPLE', token }, publicKey)
  expect(one.nonceHash).not.toBe(other.nonceHash)
})

test('Apple’s audience is the one the client names, out of the list, and the first when it names none', async () => {
  const [first, second] = [forge(), forge({ claims: { aud: 'second' } })]
  const check = (token: string, aud?: string | null) =>
    codeOf(verifyOidcToken(houseOf(), { kind: 'APPLE', token, aud }, publicKey))
  expect(await check(first)).toBe('taken')
  expect(await check(first, null)).toBe('taken')
  expect(await check(second, 'second')).toBe('taken')
  expect(await check(second)).toBe('factors.oidc_token_verification_error')
  expect(await check(first, 'second')).toBe('factors.oidc_token_verification_error')
  expect(await check(first, 'third')).toBe('factors.oidc_token_invalid_aud')
  expect(await check('nothing', 'third')).toBe('factors.oidc_token_invalid_aud')
})

test('a provider without an audience is off', async () => {
  const off = houseOf({ HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: '', HEARTHKEEP_OIDC_APPLE_AUDIENCE: '' })
  const token = forge()
  expect(await codeOf(verifyOidcToken(off, google(token), publicKey))).toBe('factors.oidc_token_verification_error')
  const apple = { kind: 'APPLE', token, aud: 'first' } as const
  expect(await codeOf(verifyOidcToken(off, apple, publicKey))).toBe('factors.oidc_token_invalid_aud')
})

test('nothing that an honest issuer would not say is taken', async () => {
  const { unverifiable, unreadable } = oddIdTokens(issuer, { ...who, audience: 'first' })
  const said = async (tokens: Record<string, string>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(tokens).map(async ([what, token]) => [
          what,
          await codeOf(verifyOidcToken(houseOf(), google(token), publicKey)),
        ]),
      ),
    )
  const all = (tokens: object, code: string) => Object.fromEntries(Object.keys(tokens).map((what) => [what, code]))
  expect(await said(unverifiable)).toEqual(all(unverifiable, 'factors.oidc_token_verification_error'))
  expect(await said(unreadable)).toEqual(all(unreadable, 'factors.oidc_token_parse_error'))
})

test.each([
  ['no typ', { header: { typ: undefined } }],
  ['typ in full and in capitals', { header: { typ: 'application/JWT' } }],
  ['typ JOSE', { header: { typ: 'JOSE' } }],
  ['a list of one audience', { claims: { aud: ['first'] } }],
  ['the same audience twice', { claims: { aud: ['first', 'first'] } }],
  ['an address that is not verified', { claims: { email_verified: false } }],
  ['claims that mean nothing to us', { claims: { azp: 'x', at_hash: 1, picture: null } }],
])('%s makes no difference', async (_, forgery) => {
  expect(await codeOf(verifyOidcToken(houseOf(), google(forge(forgery)), publicKey))).toBe('taken')
})

test('iat may be five minutes old and thirty seconds ahead, exp has no leeway', async () => {
  const house = houseOf()
  const seconds = Math.ceil(house.clock.now() / 1000)
  house.set(seconds * 1000)
  const check = (iat: number, exp: number) =>
    codeOf(verifyOidcToken(house, google(forge({ claims: { iat, exp } })), publicKey))
  expect(await check(seconds - 300, seconds + 1)).toBe('taken')
  expect(await check(seconds + 30, seconds + 60)).toBe('taken')
  expect(await check(seconds - 301, seconds + 60)).toBe('factors.oidc_token_verification_error')
  expect(await check(seconds + 31, seconds + 60)).toBe('factors.oidc_token_verification_error')
  expect(await check(seconds, seconds)).toBe('factors.oidc_token_verification_error')
})

test('the nonce must be the hash of the session key', async () => {
  const other = ecKey().publicKey
  const check = (token: string, key: string) => messageOf(verifyOidcToken(houseOf(), google(token), key))
  expect(await check(forge(), other)).toBe(`Nonce mismatch: expected ${nonceOfKey(other)}, got ${nonce}`)
  expect(await check(forge({ claims: { nonce: undefined } }), publicKey)).toBe(
    'Nonce is required for OIDC verification',
  )
  expect(await check(forge({ claims: { nonce: null } }), publicKey)).toBe('Nonce is required for OIDC verification')
  expect(await check(forge(), 'no base64!')).toBe('Invalid public key base64')
  expect(await check(forge({ claims: { nonce: undefined } }), 'no base64!')).toBe('Invalid public key base64')
})

test('a bad token is refused before its nonce is looked at', async () => {
  const token = forge({ claims: { iss: 'https://issuer.example' } })
  expect(await codeOf(verifyOidcToken(houseOf(), google(token), 'no base64!'))).toBe(
    'factors.oidc_token_verification_error',
  )
})

test('a key that came into use just now is known', async () => {
  const house = houseOf()
  expect(await codeOf(verifyOidcToken(house, google(forge()), publicKey))).toBe('taken')
  issuer.rotateKey()
  expect(await codeOf(verifyOidcToken(house, google(forge()), publicKey))).toBe('taken')
})

test('an issuer that cannot be asked is our failure, whatever the token is', async () => {
  const house = houseOf({ HEARTHKEEP_OIDC_GOOGLE_JWKS_URL: `${issuer.url}/nothing-here` })
  expect(await codeOf(verifyOidcToken(house, google('nothing'), publicKey))).toBe('server.failed')
})

test('no other text gets through, or fails in another way', async () => {
  const house = houseOf()
  const part = jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'))
  const jwt = tuple(part, part, string()).map((parts) => parts.join('.'))
  const codes = ['factors.oidc_token_parse_error', 'factors.oidc_token_verification_error']
  for (const tokens of [string(), jwt])
    await assert(
      asyncProperty(tokens, async (token) => {
        expect(codes).toContain(await codeOf(verifyOidcToken(house, google(token), publicKey)))
      }),
    )
  await assert(
    asyncProperty(jsonValue(), jsonValue(), async (value, other) => {
      const claims = { sub: value, aud: other, exp: other, iat: value, nonce: value }
      for (const forgery of [{ claims }, { claims: { nonce: value } }, { header: { kid: value, typ: other } }])
        expect([...codes, 'factors.oidc_token_invalid_nonce', 'taken']).toContain(
          await codeOf(verifyOidcToken(house, google(forge(forgery)), publicKey)),
        )
    }),
    { numRuns: 50 },
  )
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'taken',
    (error) => (isProblem(error) ? error.code : Promise.reject(error)),
  )
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'taken',
    (error) => (error.code === 'factors.oidc_token_invalid_nonce' ? error.message : Promise.reject(error)),
  )
}
