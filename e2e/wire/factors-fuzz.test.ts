import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, type Backup, createBackup, factorsAt, hashes, startFactors } from '#e2e/support/factors.ts'
import { envelope } from '#e2e/support/factors-errors.ts'
import { backupForm, multipart } from '#e2e/support/factors-multipart.ts'
import type { TestServer } from '#e2e/support/server.ts'

const runs = { numRuns: 60, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false } as const

const bytes = fc.uint8Array({ maxLength: 300 })
const b64 = bytes.map((value) => Buffer.from(value).toString('base64'))
const b64url = bytes.map((value) => Buffer.from(value).toString('base64url'))
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), b64, b64url, fc.constant(''))
/** What a binary field may be sent as, and what it may not. */
const binary = fc.oneof(text, fc.array(fc.integer({ min: -2, max: 300 }), { maxLength: 90 }), fc.jsonValue())

/** DER with its lengths, tags and signs moved about. */
const der = fc
  .record({ r: bytes, s: bytes, outer: fc.integer({ min: 0, max: 255 }), tag: fc.constantFrom(2, 3, 4, 0x30) })
  .map(({ r, s, outer, tag }) => {
    const integer = (value: Uint8Array) => [tag, value.length & 0xff, ...value]
    return Buffer.from([0x30, outer, ...integer(r), ...integer(s)]).toString('base64')
  })

/** CBOR by its first bytes: maps, arrays, tags, lengths far beyond the end, and nothing at all. */
const cbor = fc
  .tuple(fc.constantFrom(0xa0, 0xa3, 0xbf, 0xbb, 0x9f, 0x5b, 0x7b, 0xd8, 0xfb, 0xff, 0x81), bytes)
  .map(([first, rest]) => Buffer.from([first, ...rest]).toString('base64url'))

const segment = fc.oneof(
  b64url,
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
  fc.constantFrom(
    Buffer.from('{"alg":"none"}').toString('base64url'),
    Buffer.from('{"alg":"RS256","kid":"x","crit":["b64"]}').toString('base64url'),
    Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url'),
  ),
)
const jwt = fc.oneof(
  fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('.')),
  text,
)

const credential = fc.oneof(
  fc.jsonValue(),
  fc.record({
    id: binary,
    rawId: binary,
    type: fc.oneof(fc.constant('public-key'), text),
    response: fc.record(
      {
        clientDataJSON: fc.oneof(
          binary,
          fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url')),
        ),
        attestationObject: fc.oneof(cbor, binary),
        authenticatorData: binary,
        signature: fc.oneof(der, binary),
        userHandle: fc.oneof(fc.constant(Buffer.alloc(16).toString('base64url')), binary),
        transports: fc.oneof(fc.array(text), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
    clientExtensionResults: fc.jsonValue(),
  }),
)

const authorization = fc.oneof(
  fc.record({ kind: fc.constant('EC_KEYPAIR'), publicKey: text, signature: fc.oneof(der, text) }),
  fc.record({ kind: fc.constant('PASSKEY'), credential }),
  fc.record({
    kind: fc.constant('OIDC_ACCOUNT'),
    oidcToken: fc.record({ kind: fc.constantFrom('GOOGLE', 'APPLE'), token: jwt, aud: fc.oneof(text, fc.jsonValue()) }),
    publicKey: text,
    signature: fc.oneof(der, text),
  }),
  fc.jsonValue(),
)

/** Whatever comes is refused, in the envelope, and the server lives on (design §6). */
describe('fuzzed', () => {
  let server: TestServer
  let api: Api
  let one: Backup
  beforeAll(async () => {
    server = await startFactors()
    api = factorsAt(server.url)
    one = await createBackup(api)
  })
  afterAll(async () => {
    expect((await api.retrieve(one.main))[0]).toBe(200)
    await server?.[Symbol.asyncDispose]()
  })

  const refused = ([status, body]: [number, unknown]) => {
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).toEqual(envelope)
  }
  const passkeyToken = async (path: string, body: unknown) =>
    ((await api.send(path, body))[1] as { token: string }).token

  test('proofs of main factors, with tokens that are right for them', async () => {
    await fc.assert(
      fc.asyncProperty(authorization, async (proof) => {
        const passkey = (proof as { kind?: string } | null)?.kind === 'PASSKEY'
        const challengeToken = passkey
          ? await passkeyToken('verify-factor/challenge/passkey', {})
          : (await api.challenge('verify-factor')).token
        refused(await api.send('verify-factor', { authorization: proof, challengeToken }))
      }),
      runs,
    )
  })

  test('passkeys to be registered', async () => {
    const options = { name: 'a', displayName: 'a', platform: 'IOS' }
    await fc.assert(
      fc.asyncProperty(credential, text, async (value, label) => {
        const payload = {
          authorization: { kind: 'PASSKEY', credential: value, label },
          challengeToken: await passkeyToken('create/challenge/passkey', options),
          initialEncryptionKey: one.encryptionKey,
          initialSyncFactor: one.sync.authorize('AAAA'),
          initialSyncChallengeToken: 'x',
          manifestHash: one.manifestHash,
          backupAccountId: one.id,
        }
        refused(await api.sendForm('create', payload, randomBytes(3)))
      }),
      runs,
    )
  })

  test('tokens', async () => {
    await fc.assert(
      fc.asyncProperty(jwt, async (challengeToken) => {
        refused(await api.send('verify-factor', { authorization: one.main.authorize('AAAA'), challengeToken }))
        refused(
          await api.send('verify-factor', {}, { 'attestation-token': Buffer.from(challengeToken).toString('hex') }),
        )
      }),
      runs,
    )
  })

  test('signatures of a reset', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(der, text), async (signature) => {
        const { token } = await api.challenge('reset', { backupAccountId: one.id })
        refused(await api.send('reset', { backupAccountId: one.id, signature, challengeToken: token }))
      }),
      runs,
    )
  })

  test('JSON of any shape, on every route', async () => {
    const paths = [
      'retrieve/from-challenge',
      'verify-factor',
      'add-sync-factor',
      'add-factor',
      'retrieve-metadata',
      'delete-factor',
      'delete-backup',
      'reset',
      'backup/status',
      'add-factor/challenge',
      'create/challenge/passkey',
      'reset/challenge/keypair',
      'add-main-factor/challenge',
      'add-main-factor',
      'history',
      'restore',
    ]
    const body = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          authorization,
          challengeToken: jwt,
          syncFactor: authorization,
          syncFactorToken: text,
          factorId: text,
          scope: fc.oneof(fc.constantFrom('MAIN', 'SYNC'), text),
          encryptionKey: fc.jsonValue(),
          existingFactorAuthorization: authorization,
          existingFactorChallengeToken: jwt,
          existingFactorTurnkeyActivity: fc.oneof(fc.json(), text),
          newFactorAuthorization: authorization,
          newFactorChallengeToken: jwt,
          turnkeyProviderId: text,
          backupAccountId: text,
          signature: fc.oneof(der, text),
          name: fc.constant(''),
          backupId: text,
          version: fc.oneof(fc.integer(), fc.double(), text),
          factorIds: fc.oneof(fc.array(text), fc.jsonValue()),
          existingKind: text,
          newKind: text,
        },
        { requiredKeys: [] },
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), body, async (path, value) => refused(await api.send(path, value))),
      { ...runs, numRuns: 150 },
    )
  })

  test('multipart', async () => {
    const { body: whole, boundary } = backupForm({ ...hashes(one.manifestHash), authorization: {} }, randomBytes(200))
    const type = `multipart/form-data; boundary=${boundary}`
    const damaged = fc
      .tuple(fc.nat(whole.length), fc.nat(60), bytes)
      .map(([at, length, put]) => Buffer.concat([whole.subarray(0, at), put, whole.subarray(at + length)]))
    const parts = fc.array(
      fc.record({
        name: fc.oneof(fc.constantFrom('payload', 'backup'), fc.string({ maxLength: 30 })),
        content: fc.oneof(
          bytes,
          fc.json().map((value) => Buffer.from(value)),
        ),
        filename: fc.option(fc.string({ maxLength: 30 }), { nil: 'f' }),
      }),
      { maxLength: 5 },
    )
    const forms = fc.oneof(
      damaged,
      parts.map((made) => multipart(made, { boundary }).body),
      bytes.map((value) => Buffer.from(value)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('create', 'sync'), forms, async (path, body) => {
        refused(await said(fetch(api.at(path), { method: 'POST', headers: { 'Content-Type': type }, body })))
      }),
      { ...runs, numRuns: 150 },
    )
  })
})
