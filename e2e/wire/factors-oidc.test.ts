import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, draft, factorsAt, type Metadata, ok, startFactors } from '#e2e/support/factors.ts'
import { badSignature, refusal } from '#e2e/support/factors-errors.ts'
import { compressed, ecKey, nonceOf } from '#e2e/support/factors-keys.ts'
import {
  account,
  authorize,
  createByOidc,
  oidcEnv,
  oidcPayload,
  proveSession,
  type Session,
  signIn,
} from '#e2e/support/factors-oidc.ts'
import { forgerOf, oddIdTokens } from '#e2e/support/odd-id-tokens.ts'
import { type OidcIssuer, startOidcIssuer } from '#e2e/support/oidc-issuer.ts'
import type { TestServer } from '#e2e/support/server.ts'

test('the nonce of a session key is the contract’s (vector of §5.4)', () => {
  const point = Buffer.from('0394e549c71fa99dd5cf752fba623090be314949b74e4cdf7ca72031dd638e281a', 'hex')
  expect(nonceOf(point.toString('base64'))).toBe('1663bba492a323085b13895634a3618792c4ec6896f3c34ef3c26396df22ef82')
})

describe('OIDC accounts as main factors (factor-backup §2.2, §5.4)', () => {
  let google: OidcIssuer
  let apple: OidcIssuer
  let server: TestServer
  let api: Api
  beforeAll(async () => {
    google = await startOidcIssuer({ audiences: ['google-client'] })
    apple = await startOidcIssuer({ audiences: ['apple.first', 'apple.second'] })
    server = await startFactors({ env: { ...oidcEnv({ google, apple }), HEARTHKEEP_LOG_LEVEL: 'trace' } })
    api = factorsAt(server.url)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await google?.[Symbol.asyncDispose]()
    await apple?.[Symbol.asyncDispose]()
  })

  const verify = async (session: Session, over: Record<string, unknown> = {}) => {
    const { authorization, challengeToken } = await proveSession(api, 'verify-factor', session)
    return api.send('verify-factor', { authorization: { ...authorization, ...over }, challengeToken })
  }
  const issuerOf = (provider: 'GOOGLE' | 'APPLE') => (provider === 'GOOGLE' ? google : apple)

  test.each(['GOOGLE', 'APPLE'] as const)(
    'a %s account creates, retrieves and verifies, by a new sign-in each time',
    async (provider) => {
      const who = account(provider, issuerOf(provider))
      const one = await createByOidc(api, who)
      expect(one.metadata.factors).toEqual([
        {
          id: expect.any(String),
          createdAt: expect.any(Number),
          kind: {
            kind: 'OIDC_ACCOUNT',
            account: { kind: provider, maskedEmail: 'ex***@gmail.com' },
            turnkeyProviderId: 'turnkey-provider',
          },
        },
      ])
      const retrieved = await api.send(
        'retrieve/from-challenge',
        await proveSession(api, 'retrieve', await signIn(who)),
      )
      expect(ok(retrieved)).toMatchObject({ backup: one.bytes.toString('base64'), metadata: one.metadata })
      expect(JSON.stringify(retrieved)).not.toContain(who.subject)
      expect(await verify(await signIn(who))).toEqual([200, { backupId: one.id }])
      expect(await api.status(one.id)).toEqual([
        200,
        { backupId: one.id, factors: [{ kind: 'OIDC_ACCOUNT', accountKind: provider }] },
      ])
      expect(await verify(await signIn(account(provider, issuerOf(provider))))).toEqual(refusal('backup_untraceable'))
    },
  )

  test.each([
    ['example@gmail.com', 'ex***@gmail.com'],
    ['ex@gmail.com', 'ex@gmail.com'],
    ['e@gmail.com', 'e@gmail.com'],
    ['abc@x.org', 'ab***@x.org'],
    ['日本語@例え.jp', '日本***@例え.jp'],
    ['éà@x.org', 'éà@x.org'],
    ['😀😀😀@x.org', '😀😀***@x.org'],
    ['😀😀@x.org', '😀😀@x.org'],
    ['a@b@c', ''],
    ['nobody', ''],
    ['@x.org', ''],
    ['abc@', ''],
  ])('the address %s is kept as %j', async (email, maskedEmail) => {
    const session = await signIn(account('GOOGLE', google))
    const token = forgerOf(google, { subject: session.account.subject, nonce: nonceOf(session.key.publicKey) })({
      claims: { email },
    })
    const one = draft()
    const { backupMetadata } = ok(
      await api.sendForm('create', await oidcPayload(api, one, { ...session, token }), one.bytes),
    )
    const kept = (backupMetadata as Metadata).factors[0]?.kind.account
    expect(kept).toEqual({ kind: 'GOOGLE', maskedEmail })
  })

  test('a sign-in without an address, or a create without the provider’s id, is refused', async () => {
    const one = draft()
    const unknown = await signIn(account('GOOGLE', google, { email: null }))
    expect(await api.sendForm('create', await oidcPayload(api, one, unknown), one.bytes)).toEqual(
      refusal('missing_email'),
    )
    for (const turnkeyProviderId of [undefined, null]) {
      const payload = await oidcPayload(api, one, await signIn(account('GOOGLE', google)))
      expect(await api.sendForm('create', { ...payload, turnkeyProviderId }, one.bytes)).toEqual(
        refusal('missing_turnkey_provider_id'),
      )
    }
  })

  test('Apple’s audience is the one asked for, else the first', async () => {
    const second = account('APPLE', apple, { audience: 'apple.second' })
    const one = draft()
    const session = await signIn(second)
    const payload = await oidcPayload(api, one, session)
    const { oidcToken, ...rest } = payload.authorization as ReturnType<typeof authorize>
    const asking = (aud: unknown) => ({ ...payload, authorization: { ...rest, oidcToken: { ...oidcToken, aud } } })
    expect(await api.sendForm('create', asking('apple.third'), one.bytes)).toEqual(refusal('oidc_token_invalid_aud'))
    for (const aud of [undefined, null, 'apple.first'])
      expect(await api.sendForm('create', asking(aud), one.bytes)).toEqual(refusal('oidc_token_verification_error'))
    expect((await api.sendForm('create', asking('apple.second'), one.bytes))[0]).toBe(200)
  })

  test('a token of one provider is none of the other’s', async () => {
    const who = account('GOOGLE', google)
    await createByOidc(api, who)
    const session = await signIn(who)
    expect(await verify({ ...session, account: { ...who, provider: 'APPLE' } })).toEqual(
      refusal('oidc_token_verification_error'),
    )
  })

  test('the same subject at two providers is two accounts (§10.11)', async () => {
    const subject = `shared-${ecKey().publicKey.slice(30, 50)}`
    const [mine, theirs] = [account('GOOGLE', google, { subject }), account('APPLE', apple, { subject })]
    const first = await createByOidc(api, mine)
    expect(await verify(await signIn(theirs))).toEqual(refusal('backup_untraceable'))
    const second = await createByOidc(api, theirs)
    expect(await verify(await signIn(mine))).toEqual([200, { backupId: first.id }])
    expect(await verify(await signIn(theirs))).toEqual([200, { backupId: second.id }])
    const again = draft()
    const payload = await oidcPayload(api, again, await signIn(mine))
    expect(await api.sendForm('create', payload, again.bytes)).toEqual(refusal('factor_already_exists'))
  })

  test('the nonce must be that of the key, which must be a key', async () => {
    const session = await signIn(account('GOOGLE', google))
    const other = ecKey()
    const nonce = (publicKey: string, message: string) =>
      verify(session, { publicKey }).then((answer) =>
        expect([publicKey, answer]).toEqual([publicKey, refusal('oidc_token_invalid_nonce', message)]),
      )
    const [expected, got] = [nonceOf(other.publicKey), nonceOf(session.key.publicKey)]
    await nonce(other.publicKey, `Nonce mismatch: expected ${expected}, got ${got}`)
    await nonce('no base64!', 'Invalid public key base64')
    await nonce(compressed(other.publicKey), 'P256 in SEC1 uncompressed public key must be 65 bytes long')
    await nonce(Buffer.alloc(65, 4).toString('base64'), 'Invalid public key')
    const bare = forgerOf(google, { subject: 'x' })()
    expect(await verify({ ...session, token: bare })).toEqual(
      refusal('oidc_token_invalid_nonce', 'Nonce is required for OIDC verification'),
    )
  })

  test('a sign-in is good for one use, and a signature that fails does not use it up (§10.11)', async () => {
    const who = account('GOOGLE', google)
    const one = await createByOidc(api, who)
    const session = await signIn(who)
    const forged = { ...session, key: { ...session.key, sign: () => session.key.sign('AAAA') } }
    expect(await verify(forged)).toEqual(badSignature('Signature verification failed'))
    expect(await verify(session)).toEqual([200, { backupId: one.id }])
    expect(await verify(session)).toEqual(refusal('already_used'))
    const { authorization, challengeToken } = await proveSession(api, 'retrieve', session)
    expect(await api.send('retrieve/from-challenge', { authorization, challengeToken })).toEqual(
      refusal('already_used'),
    )
  })

  test('of five uses of one sign-in at once one wins', async () => {
    const who = account('APPLE', apple)
    await createByOidc(api, who)
    const session = await signIn(who)
    const proofs = await Promise.all(Array.from({ length: 5 }, () => proveSession(api, 'verify-factor', session)))
    const answers = await Promise.all(proofs.map((proof) => api.send('verify-factor', proof)))
    expect(answers.map(([status]) => status).sort()).toEqual([200, 400, 400, 400, 400])
    for (const answer of answers.filter(([status]) => status === 400)) expect(answer).toEqual(refusal('already_used'))
  })

  test('a token that no honest issuer gives is refused, as what it is', async () => {
    const who = account('GOOGLE', google)
    const one = await createByOidc(api, who)
    const session = await signIn(who)
    const nonce = nonceOf(session.key.publicKey)
    const { unverifiable, unreadable } = oddIdTokens(google, { subject: who.subject, nonce, email: 'a@b.c' })
    for (const [name, token] of Object.entries(unverifiable))
      expect([name, await verify({ ...session, token })]).toEqual([name, refusal('oidc_token_verification_error')])
    for (const [name, token] of Object.entries(unreadable))
      expect([name, await verify({ ...session, token })]).toEqual([name, refusal('oidc_token_parse_error')])
    expect(await verify(session)).toEqual([200, { backupId: one.id }])
  })

  test('who somebody is at their provider is in no log (§10.14)', async () => {
    const who = account('GOOGLE', google, { email: 'quite-unusual@example.org' })
    await createByOidc(api, who)
    const session = await signIn(who)
    expect((await verify(session))[0]).toBe(200)
    expect((await verify(session))[0]).toBe(400)
    expect((await verify({ ...session, token: `${session.token}x` }))[0]).toBe(400)
    for (const secret of [who.subject, 'quite-unusual', session.token, nonceOf(session.key.publicKey)])
      expect([secret.slice(0, 20), server.log().includes(secret)]).toEqual([secret.slice(0, 20), false])
  })

  test('a passkey challenge, and one for another route, is none of theirs', async () => {
    const session = await signIn(account('GOOGLE', google))
    const passkey = (await api.send('verify-factor/challenge/passkey', {}))[1] as { token: string }
    const authorization = authorize(session, 'AAAA')
    expect(await api.send('verify-factor', { authorization, challengeToken: passkey.token })).toEqual(
      refusal('unexpected_challenge_type'),
    )
    const { token } = await api.challenge('retrieve')
    expect(await api.send('verify-factor', { authorization, challengeToken: token })).toEqual(
      refusal('invalid_challenge_context'),
    )
  })
})

describe('the keys of an issuer', () => {
  test('that changed are fetched for a token that names a new one (§10.11)', async () => {
    await using google = await startOidcIssuer({ audiences: ['client'] })
    await using server = await startFactors({ env: oidcEnv({ google }) })
    const api = factorsAt(server.url)
    const who = account('GOOGLE', google)
    await createByOidc(api, who)
    google.rotateKey()
    const { requests } = google
    for (let n = 0; n < 3; n++) {
      const proof = await proveSession(api, 'verify-factor', await signIn(who))
      expect((await api.send('verify-factor', proof))[0]).toBe(200)
    }
    expect(requests.jwks).toBeLessThanOrEqual(4)
  })

  test('that cannot be had make it a 500, and a provider that is off takes nobody', async () => {
    await using google = await startOidcIssuer({ audiences: ['client'] })
    const session = await signIn(account('GOOGLE', google))
    const apple = await signIn({ ...account('APPLE', google), provider: 'APPLE' })
    await google.stop()
    await using server = await startFactors({ env: oidcEnv({ google }) })
    const api = factorsAt(server.url)
    const [status, body] = await api.send('verify-factor', await proveSession(api, 'verify-factor', session))
    expect([status, body]).toEqual([
      500,
      { allowRetry: false, error: { code: 'internal_server_error', message: 'Internal server error' } },
    ])
    const proof = await proveSession(api, 'verify-factor', apple)
    expect(await api.send('verify-factor', proof)).toEqual(refusal('oidc_token_invalid_aud'))
    await google.restart()
    expect((await api.send('verify-factor', await proveSession(api, 'verify-factor', session)))[1]).toEqual(
      refusal('backup_untraceable')[1],
    )
  })

  test('Google’s name with and without https is one issuer (§10.11)', async () => {
    await using google = await startOidcIssuer({ audiences: ['client'] })
    const env = { HEARTHKEEP_OIDC_GOOGLE_JWKS_URL: google.jwksUrl, HEARTHKEEP_OIDC_GOOGLE_AUDIENCE: 'client' }
    await using server = await startFactors({ env })
    const api = factorsAt(server.url)
    const who = account('GOOGLE', google)
    const session = (iss: string): Session => {
      const key = ecKey()
      const forge = forgerOf(google, { subject: who.subject, nonce: nonceOf(key.publicKey), email: 'a@b.c' })
      return { account: who, key, token: forge({ claims: { iss } }) }
    }
    const one = draft()
    const payload = await oidcPayload(api, one, session('https://accounts.google.com'))
    expect((await api.sendForm('create', payload, one.bytes))[0]).toBe(200)
    for (const iss of ['https://accounts.google.com', 'accounts.google.com'])
      expect(await api.send('verify-factor', await proveSession(api, 'verify-factor', session(iss)))).toEqual([
        200,
        { backupId: one.id },
      ])
    const wrong = await proveSession(api, 'verify-factor', session('http://accounts.google.com'))
    expect(await api.send('verify-factor', wrong)).toEqual(refusal('oidc_token_verification_error'))
  })
})
