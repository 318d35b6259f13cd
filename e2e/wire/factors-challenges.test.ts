import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, type Challenge, factorsAt, freshHash, startFactors } from '#e2e/support/factors.ts'
import { envelope, refusal } from '#e2e/support/factors-errors.ts'
import { accountKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

const plain = [
  'create/challenge/keypair',
  'retrieve/challenge/keypair',
  'verify-factor/challenge/keypair',
  'add-sync-factor/challenge/keypair',
  'sync/challenge/keypair',
  'retrieve-metadata/challenge/keypair',
  'delete-backup/challenge/keypair',
]
const b64url43 = expect.stringMatching(/^[\w-]{43}$/)

describe.each(['/v1', ''] as const)('challenges under %j (factor-backup §3, §4.2)', (prefix) => {
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url, prefix)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  const take = async (path: string, body: unknown = {}) => {
    const [status, answer] = await api.send(path, body)
    expect([path, status]).toEqual([path, 200])
    return answer as Challenge<unknown>
  }

  const keypairRoutes: Array<[path: string, body: unknown]> = [
    ...plain.map((path): [string, unknown] => [path, {}]),
    ['delete-factor/challenge/keypair', { factorId: 'anything at all' }],
    ['reset/challenge/keypair', { backupAccountId: accountKey().id }],
  ]
  test.each(keypairRoutes)('%s gives 32 random bytes and an opaque token, new ones each time', async (path, body) => {
    const answer = await api.post(path, body)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    const one = (await answer.json()) as Challenge
    expect(Object.keys(one).sort()).toEqual(['challenge', 'token'])
    expect(one.challenge).toMatch(/^[A-Za-z0-9+/]{43}=$/)
    expect(Buffer.from(one.challenge, 'base64')).toHaveLength(32)
    expect(one.token.length).toBeGreaterThan(40)
    expect(one.token.length).toBeLessThan(3_000)
    const other = (await take(path, body)) as Challenge
    expect(other.challenge).not.toBe(one.challenge)
    expect(other.token).not.toBe(one.token)
    // What it is bound to cannot be read from it, and the challenge itself is not in the clear either.
    for (const part of one.token.split('.')) {
      const text = Buffer.from(part, 'base64url').toString('latin1')
      for (const secret of [one.challenge, 'KEYPAIR', 'backup_account_', 'anything at all'])
        expect(text.includes(secret)).toBe(false)
    }
  })

  test('members that nobody asked for are ignored', async () => {
    for (const path of plain) await take(path, { label: 'x', factorId: 7, nested: { a: [null] } })
    await take('delete-factor/challenge/keypair', { factorId: 'x', more: true })
  })

  test('options for a new passkey on iOS are the contract’s, member by member', async () => {
    const body = { name: 'ada@x.org', displayName: 'Ada Ω', platform: 'IOS' }
    const { challenge } = await take('create/challenge/passkey', body)
    expect(challenge).toEqual({
      publicKey: {
        rp: { name: 'World App', id: 'keys.world.app' },
        user: { id: expect.stringMatching(/^[\w-]{22}$/), name: 'ada@x.org', displayName: 'Ada Ω' },
        challenge: b64url43,
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        timeout: 300000,
        authenticatorSelection: {
          residentKey: 'discouraged',
          requireResidentKey: false,
          userVerification: 'required',
        },
        attestation: 'none',
        extensions: {
          credentialProtectionPolicy: 'userVerificationRequired',
          enforceCredentialProtectionPolicy: false,
          uvm: true,
          credProps: true,
        },
      },
    })
  })

  test('options for a new passkey on Android differ where the contract says so', async () => {
    const body = { name: 'ada', displayName: 'Ada', platform: 'ANDROID' }
    const { challenge } = await take('create/challenge/passkey', body)
    expect(challenge).toEqual({
      publicKey: {
        rp: { name: 'World App', id: 'keys.world.app' },
        user: { id: expect.stringMatching(/^[\w-]{22}$/), name: 'ada', displayName: 'Ada' },
        challenge: b64url43,
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
        timeout: 300000,
        authenticatorSelection: {
          authenticatorAttachment: 'platform',
          residentKey: 'required',
          requireResidentKey: true,
          userVerification: 'required',
        },
        attestation: 'none',
        hints: ['client-device'],
        extensions: { uvm: true, credProps: true },
      },
    })
  })

  test('the user id of a new passkey is a UUID v4 in bytes, another each time', async () => {
    const ids = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const { challenge } = await take('create/challenge/passkey', { name: 'a', displayName: 'b', platform: 'IOS' })
      const { user } = (challenge as { publicKey: { user: { id: string } } }).publicKey
      const bytes = Buffer.from(user.id, 'base64url')
      expect([bytes.length, (bytes[6] ?? 0) >> 4, (bytes[8] ?? 0) >> 6]).toEqual([16, 4, 2])
      ids.add(user.id)
    }
    expect(ids.size).toBe(3)
  })

  test.each([
    { name: '', displayName: 'b' },
    { name: 'a', displayName: '' },
  ])('an empty name or display name is refused: %j', async (names) => {
    expect(await api.send('create/challenge/passkey', { ...names, platform: 'IOS' })).toEqual(
      refusal('webauthn_error', 'Invalid User Name supplied for registration'),
    )
  })

  test.each(['retrieve', 'verify-factor'])(
    'options to sign in by passkey for %s name nobody, and need no body',
    async (route) => {
      const path = `${route}/challenge/passkey`
      const options = {
        publicKey: {
          challenge: b64url43,
          timeout: 300000,
          rpId: 'keys.world.app',
          allowCredentials: [],
          userVerification: 'required',
          extensions: { uvm: true },
        },
        mediation: 'conditional',
      }
      const bodies: RequestInit[] = [
        {},
        { body: '{}', headers: { 'Content-Type': 'application/json' } },
        { body: '{broken', headers: { 'Content-Type': 'application/json' } },
        { body: 'hello', headers: { 'Content-Type': 'text/plain' } },
      ]
      for (const init of bodies) {
        const [status, body] = await said(fetch(api.at(path), { method: 'POST', ...init }))
        expect([status, body]).toEqual([200, { challenge: options, token: expect.any(String) }])
      }
    },
  )

  test('add-factor announces an OIDC token and gets two challenges', async () => {
    const [status, body] = await api.send('add-factor/challenge', {
      newFactor: { kind: 'OIDC_ACCOUNT', oidcToken: 'any.text.whatever' },
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      existingFactorChallenge: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      existingFactorToken: expect.any(String),
      newFactorChallenge: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      newFactorToken: expect.any(String),
    })
    const texts = Object.values(body as Record<string, string>)
    expect(new Set(texts).size).toBe(4)
  })

  const wrongShapes: Array<[path: string, body: unknown]> = [
    ['create/challenge/passkey', {}],
    ['create/challenge/passkey', { name: 'a', displayName: 'b' }],
    ['create/challenge/passkey', { name: 'a', displayName: 'b', platform: 'WINDOWS' }],
    ['create/challenge/passkey', { name: 1, displayName: 'b', platform: 'IOS' }],
    ['delete-factor/challenge/keypair', {}],
    ['delete-factor/challenge/keypair', { factorId: 7 }],
    ['delete-factor/challenge/keypair', { factorId: null }],
    ['reset/challenge/keypair', {}],
    ['reset/challenge/keypair', { backupAccountId: freshHash() }],
    ['reset/challenge/keypair', { backupAccountId: 'backup_account_' }],
    ['reset/challenge/keypair', { backupAccountId: `backup_account_${'0'.repeat(64)}` }],
    ['reset/challenge/keypair', { backupAccountId: `backup_account_${'g'.repeat(66)}` }],
    ['reset/challenge/keypair', { backupAccountId: `backup_account_${'0'.repeat(68)}` }],
    ['add-factor/challenge', {}],
    ['add-factor/challenge', { newFactor: { kind: 'PASSKEY', oidcToken: 'x' } }],
    ['add-factor/challenge', { newFactor: { kind: 'OIDC_ACCOUNT' } }],
    ['add-factor/challenge', { newFactor: { kind: 'OIDC_ACCOUNT', oidcToken: { kind: 'GOOGLE', token: 'x' } } }],
  ]
  test.each(wrongShapes)('%s with %j is 422', async (path, body) => {
    expect(await api.send(path, body)).toEqual([422, envelope])
  })

  test('a reset challenge asks for the form of an id, not for a point on the curve nor for a backup', async () => {
    await take('reset/challenge/keypair', { backupAccountId: `backup_account_${'00'.repeat(33)}` })
    await take('reset/challenge/keypair', { backupAccountId: `backup_account_03${'Ab'.repeat(32)}` })
  })
})
