import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { said } from '#e2e/support/cloud.ts'
import { type Api, type Backup, createBackup, factorsAt, startFactors } from '#e2e/support/factors.ts'
import { badClaim, envelope, refusal } from '#e2e/support/factors-errors.ts'
import { type Gateway, requestHash, startGateway } from '#e2e/support/factors-gateway.ts'
import { ecKey } from '#e2e/support/factors-keys.ts'
import type { TestServer } from '#e2e/support/server.ts'

const gated = ['retrieve/from-challenge', 'verify-factor', 'delete-factor'] as const
const noHeader = 'Attestation token header is invalid or not present.'
const json = { 'Content-Type': 'application/json' }

test('the hash of a request is the contract’s (vectors of §6)', () => {
  expect(requestHash('retrieve/challenge/passkey')).toBe(
    '6913eb99b6fe89b6208f4f5c9ee4c1a2f02de139fb2afad2483fd82ccfb44d82',
  )
  expect(requestHash('/v1/verify-factor', { b: null, a: { d: null, c: 1 } })).toBe(
    'a6d3d6fa5539b882ce73d4decb035f622ad76fd8044a36c3a477fe76c11e1c41',
  )
})

describe('attestation off (the default)', () => {
  test('answers as ever, and says in a header what would have been wrong', async () => {
    await using server = await startFactors()
    const api = factorsAt(server.url)
    const one = await createBackup(api)
    const verify = async (headers: Record<string, string>) =>
      api.post('verify-factor', await api.prove('verify-factor', one.main), headers)
    const bare = await verify({})
    expect([bare.status, bare.headers.get('attestation-failure')]).toEqual([200, noHeader])
    expect((await verify({ 'attestation-token': 'some.thing.else' })).status).toBe(200)
    const metadata = await api.post('retrieve-metadata', await api.prove('retrieve-metadata', one.sync))
    expect([metadata.status, metadata.headers.get('attestation-failure')]).toEqual([200, null])
  })
})

describe('attestation by a shared token', () => {
  let server: TestServer
  let api: Api
  let one: Backup
  const [first, second] = ['a long enough shared token', 'another shared token']
  beforeAll(async () => {
    server = await startFactors({
      env: { HEARTHKEEP_ATTESTATION: 'token', HEARTHKEEP_ATTESTATION_TOKEN: `${first},${second}` },
    })
    api = factorsAt(server.url)
    one = await createBackup(api)
  })
  afterAll(() => server?.[Symbol.asyncDispose]())

  test.each(['/v1', ''] as const)('gates three routes under %j and no others', async (prefix) => {
    const spelled = factorsAt(server.url, prefix)
    for (const path of gated) {
      expect([path, await spelled.send(path, {})]).toEqual([path, refusal('invalid_attestation_token_header')])
      expect(await spelled.send(path, {}, { 'attestation-token': '' })).toEqual(
        refusal('invalid_attestation_token_header'),
      )
      expect(await spelled.send(path, {}, { 'attestation-token': 'x' })).toEqual(refusal('invalid_attestation_token'))
      expect(await spelled.send(path, {}, { 'attestation-token': first })).toEqual([422, envelope])
    }
    expect((await spelled.metadata(one.sync))[0]).toBe(200)
    expect((await spelled.status(one.id))[0]).toBe(200)
  })

  test('takes each of its tokens as often as it comes, and nothing near them', async () => {
    const verify = async (token: string) =>
      api.send('verify-factor', await api.prove('verify-factor', one.main), { 'attestation-token': token })
    for (const token of [first, second, first]) expect(await verify(token)).toEqual([200, { backupId: one.id }])
    for (const token of [`${first},${second}`, first.slice(0, -1), `${first}x`, first.toUpperCase()])
      expect(await verify(token)).toEqual(refusal('invalid_attestation_token'))
  })

  test('looks at the size and the letters of a body first, at its header next, and then at the rest', async () => {
    const post = (body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = json) =>
      said(fetch(api.at('verify-factor'), { method: 'POST', headers, body }))
    const unreadable = refusal('invalid_payload', 'Body payload is invalid')
    expect(await post(`{"pad":"${'x'.repeat(1_048_577)}"}`)).toEqual(unreadable)
    expect(await post(Buffer.from([0xff, 0xfe]))).toEqual(unreadable)
    for (const body of ['{}', '', 'not json', '{"a":']) {
      expect(await post(body)).toEqual(refusal('invalid_attestation_token_header'))
      expect((await post(body, { ...json, 'attestation-token': first }))[0]).toBe(body === '{}' ? 422 : 400)
    }
    expect(await post('{}', { 'Content-Type': 'text/plain' })).toEqual(refusal('invalid_attestation_token_header'))
    expect((await post('{}', { 'Content-Type': 'text/plain', 'attestation-token': first }))[0]).toBe(415)
  })

  test('a header that is not ASCII is no header', async () => {
    expect(await api.send('verify-factor', {}, { 'attestation-token': 'clé' })).toEqual(
      refusal('invalid_attestation_token_header'),
    )
  })
})

describe('attestation by the gateway’s tokens', () => {
  let gateway: Gateway
  let server: TestServer
  let api: Api
  let one: Backup
  beforeAll(async () => {
    gateway = await startGateway()
    server = await startFactors({ env: { ...gateway.env, HEARTHKEEP_ATTESTATION_TOKEN: 'a static bypass token' } })
    api = factorsAt(server.url)
    one = await createBackup(api)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await gateway?.[Symbol.asyncDispose]()
  })

  const now = () => Math.floor(Date.now() / 1000)
  /** Verify with a token made for that very request, after `alter` had its way. */
  async function verify(alter: (jti: string) => string, path = '/v1/verify-factor') {
    const proof = await api.prove('verify-factor', one.main)
    const headers = { ...json, 'attestation-token': alter(requestHash(path, proof)) }
    return said(fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(proof) }))
  }

  test('one for this request passes, under either spelling of the path', async () => {
    for (const path of ['/v1/verify-factor', '/verify-factor'])
      expect(await verify((jti) => gateway.token({ jti }), path)).toEqual([200, { backupId: one.id }])
  })

  test('the hash reads the body as JSON: order, spaces and nulls do not matter, the query does not either', async () => {
    const proof = await api.prove('verify-factor', one.main)
    const jti = requestHash('/v1/verify-factor', { ...proof, label: 'ΩÉ😀', list: [null, { b: 1, a: 2 }] })
    const body = `{ "list": [null, {"b":1,"a":2,"z":null}],\n "label":"\\u03a9É😀", "none":null, ${JSON.stringify(proof).slice(1)}`
    const headers = { ...json, 'attestation-token': gateway.token({ jti }) }
    const answer = fetch(`${api.at('verify-factor')}?x=1`, { method: 'POST', headers, body })
    expect((await said(answer))[0]).toBe(200)
  })

  test('one for another request does not', async () => {
    const mismatch = badClaim('JTI claim (request hash) is not valid')
    expect(await verify(() => gateway.token({ jti: requestHash('/v1/verify-factor', {}) }))).toEqual(mismatch)
    const proof = await api.prove('verify-factor', one.main)
    for (const path of ['/verify-factor', 'verify-factor', '/v1/delete-factor'])
      expect(
        await api.send('verify-factor', proof, {
          'attestation-token': gateway.token({ jti: requestHash(path, proof) }),
        }),
      ).toEqual(mismatch)
  })

  test('claims are wrong in words of their own', async () => {
    const expired = badClaim('Token expired or expires at claim')
    expect(await verify((jti) => gateway.token({ jti, exp: now() - 10, iat: now() - 300 }))).toEqual(expired)
    const audience = badClaim('Audience claim is not valid')
    for (const aud of ['someone.else', ['toolsforhumanity.com'], null])
      expect([aud, (await verify((jti) => gateway.token({ jti, aud })))[0]]).toEqual([aud, 400])
    expect(await verify((jti) => gateway.token({ jti, aud: 'someone.else' }))).toEqual(audience)
    for (const jti of [undefined, '', 7]) expect((await verify(() => gateway.token({ jti })))[0]).toBe(400)
  })

  test('anything else about a token that is wrong makes it invalid', async () => {
    const stranger = ecKey().privateKey
    const faults: Array<[name: string, alter: (jti: string) => string]> = [
      ['no token', () => 'x'],
      ['no claims', () => 'a.b.c'],
      ['pass is false', (jti) => gateway.token({ jti, pass: false })],
      ['pass is missing', (jti) => gateway.token({ jti, pass: undefined })],
      ['pass is a word', (jti) => gateway.token({ jti, pass: 'true' })],
      ['from the future', (jti) => gateway.token({ jti, iat: now() + 600, exp: now() + 900 })],
      ['another issuer', (jti) => gateway.token({ jti, iss: 'https://elsewhere.example' })],
      ['another key', (jti) => gateway.token({ jti }, {}, stranger)],
      ['a kid nobody has', (jti) => gateway.token({ jti }, { kid: 'none' })],
      ['no kid', (jti) => gateway.token({ jti }, { kid: undefined })],
      ['unsigned', (jti) => `${gateway.token({ jti }, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`],
      ['another algorithm', (jti) => gateway.token({ jti }, { alg: 'HS256' })],
      ['tampered with', (jti) => gateway.token({ jti }).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ]
    for (const [name, alter] of faults)
      expect([name, await verify(alter)]).toEqual([name, refusal('invalid_attestation_token')])
  })

  test('the static token goes past it all', async () => {
    expect((await verify(() => 'a static bypass token'))[0]).toBe(200)
  })

  test('a new key is fetched when a token names it, known ones are not asked for again (§10.12)', async () => {
    await using fresh = await startFactors({ env: gateway.env })
    const there = factorsAt(fresh.url)
    const backup = await createBackup(there)
    const call = async () => {
      const proof = await there.prove('verify-factor', backup.main)
      const jti = requestHash('/v1/verify-factor', proof)
      return there.send('verify-factor', proof, { 'attestation-token': gateway.token({ jti }) })
    }
    const before = gateway.requests
    expect((await call())[0]).toBe(200)
    gateway.rotate()
    for (let n = 0; n < 3; n++) expect((await call())[0]).toBe(200)
    expect(gateway.requests - before).toBe(2)
  })

  test('without its keys nothing can be said: 500, and the static token still works', async () => {
    gateway.fail(true)
    try {
      await using fresh = await startFactors({
        env: { ...gateway.env, HEARTHKEEP_ATTESTATION_TOKEN: 'a static token' },
      })
      const there = factorsAt(fresh.url)
      const [status, body] = await there.send('verify-factor', {}, { 'attestation-token': gateway.token({ jti: 'x' }) })
      expect([status, (body as { error: { code: string } }).error.code]).toEqual([500, 'internal_server_error'])
      expect((await there.send('verify-factor', {}, { 'attestation-token': 'a static token' }))[0]).toBe(422)
    } finally {
      gateway.fail(false)
    }
  })
})
