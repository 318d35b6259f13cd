import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shiftClock, type WallClock, wallClock } from '#e2e/support/disaster-clock.ts'
import { type Api, type Challenge, factorsAt, startFactors } from '#e2e/support/factors.ts'
import { badSignature, refusal } from '#e2e/support/factors-errors.ts'
import { compressed, ecKey, highS, paddedSignature, shortSignature } from '#e2e/support/factors-keys.ts'
import { challengeFor, provenRoutes } from '#e2e/support/factors-proofs.ts'
import type { TestServer } from '#e2e/support/server.ts'

const minute = 60_000
const failed = badSignature('Signature verification failed')

let clock: WallClock
let server: TestServer
let api: Api
beforeAll(async () => {
  clock = wallClock()
  server = await startFactors({ preload: [shiftClock], env: clock.env })
  api = factorsAt(server.url)
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  clock?.[Symbol.dispose]()
})

/** The server reads its clock anew every 10 ms. */
async function shift(milliseconds: number): Promise<void> {
  clock.shift(milliseconds)
  await new Promise((resolve) => setTimeout(resolve, 30))
}

const passkeyToken = async () => ((await api.send('retrieve/challenge/passkey', {}))[1] as { token: string }).token

describe.each(provenRoutes)('a challenge of $name (factor-backup §3.3)', (route) => {
  const begin = async () => {
    const request = await route.prepare(api)
    const challenge = await challengeFor(api, route, request)
    const right = ({ challenge: text, token }: Challenge = challenge) =>
      request.send(request.key.authorize(text), token)
    const wrong = ({ token }: Challenge = challenge) => request.send(request.key.authorize('AAAA'), token)
    return { ...request, request, challenge, right, wrong }
  }

  test('is good for one use', async () => {
    const { right } = await begin()
    expect((await right())[0]).toBe(route.status)
    expect(await right()).toEqual(refusal(route.replay))
  })

  test('is refused when anything about its token is not as it was', async () => {
    const { challenge, right, send, key } = await begin()
    const [header = '', ...rest] = challenge.token.split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const tokens = [
      '',
      'x',
      'a.b.c.d.e',
      `${challenge.token}x`,
      ` ${challenge.token}`,
      challenge.token.slice(0, -2),
      flipped(challenge.token),
      [none, ...rest].join('.'),
      [header, ...rest.slice(0, -1)].join('.'),
      `${none}.${Buffer.from('{"challenge_type":"KEYPAIR"}').toString('base64url')}.`,
      'x'.repeat(100_000),
      randomBytes(300).toString('base64url'),
    ]
    for (const token of tokens)
      expect([token.slice(0, 40), await send(key.authorize(challenge.challenge), token)]).toEqual([
        token.slice(0, 40),
        refusal('jwt_error'),
      ])
    expect((await right())[0]).toBe(route.status)
  })

  test('stays used however its token is spelled', async () => {
    const { challenge, key, send, right } = await begin()
    expect((await right())[0]).toBe(route.status)
    for (const token of respelled(challenge.token)) {
      const [status, body] = await send(key.authorize(challenge.challenge), token)
      const { code } = (body as { error: { code: string } }).error
      expect([token.slice(-30), status, ['jwt_error', route.replay].includes(code)]).toEqual([
        token.slice(-30),
        400,
        true,
      ])
    }
  })

  test('of the other type or of another route is refused, before the signature is looked at', async () => {
    const { send, key } = await begin()
    const bad = { ...key.authorize('AAAA'), signature: '!' }
    expect(await send(bad, await passkeyToken())).toEqual(refusal('unexpected_challenge_type'))
    for (const other of ['retrieve', 'sync', 'retrieve-metadata', 'add-sync-factor'] as const) {
      if (other === route.context) continue
      const { token } = await api.challenge(other)
      expect(await send(bad, token)).toEqual(refusal('invalid_challenge_context'))
    }
  })

  test('lasts fifteen minutes; its type is looked at before its time', async () => {
    const { right, send, key } = await begin()
    const other = await passkeyToken()
    await shift(15 * minute + 2_000)
    expect(await right()).toEqual(refusal('jwt_error'))
    expect(await send(key.authorize('AAAA'), other)).toEqual(refusal('unexpected_challenge_type'))
    await shift(0)

    const later = await begin()
    await shift(15 * minute - 30_000)
    const answer = await later.right()
    await shift(0)
    // The sync token of add-sync-factor and the other half of create are as old as the challenge.
    expect(answer[0]).toBe(route.status)
  })

  test('stays good after four failed proofs, and is burnt by five', async () => {
    const patient = await begin()
    for (let n = 0; n < 4; n++) expect(await patient.wrong()).toEqual(failed)
    expect((await patient.right())[0]).toBe(route.status)

    const burnt = await begin()
    for (let n = 0; n < 5; n++) expect(await burnt.wrong()).toEqual(failed)
    const [status, body] = await burnt.right()
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([
      400,
      expect.stringMatching(/^(already_used|jwt_error)$/),
    ])
    // It was the challenge that died, not the factor.
    const again = await challengeFor(api, route, burnt)
    expect((await burnt.right(again))[0]).toBe(route.status)
  })

  test('wants a signature of its bytes by that key, and says what is wrong with one that is none', async () => {
    const { request, send, key, challenge, right } = await begin()
    const { challenge: text } = challenge
    const padded = paddedSignature(key, text)
    const other = ecKey()
    const good = key.authorize(text)
    const offCurve = Buffer.from(key.publicKey, 'base64')
    offCurve[64] = (offCurve[64] ?? 0) ^ 1
    const cases: Array<[over: Record<string, unknown>, answer: unknown]> = [
      [{ signature: '' }, badSignature('Public key, signature or trusted payload is empty')],
      [{ publicKey: '' }, badSignature('Public key, signature or trusted payload is empty')],
      [{ signature: padded.replace(/=+$/, '') }, badSignature('Failed to decode a value from base64: Invalid padd')],
      [
        { publicKey: key.publicKey.replace('=', '') },
        badSignature('Failed to decode a value from base64: Invalid padd'),
      ],
      [{ publicKey: `${key.publicKey.slice(0, -2)}B=` }, startsWith('Failed to decode a value from base64: ')],
      [{ signature: 'not base64!' }, startsWith('Failed to decode a value from base64: ')],
      [{ publicKey: compressed(key.publicKey) }, badSignature('Failed to create verifying key from SEC1 bytes')],
      [{ publicKey: offCurve.toString('base64') }, badSignature('Failed to create verifying key from SEC1 bytes')],
      [{ publicKey: 'AAAA' }, badSignature('Failed to create verifying key from SEC1 bytes')],
      [{ signature: 'AAAA' }, startsWith('Failed to create signature from DER bytes: ')],
      [
        { signature: Buffer.alloc(64, 1).toString('base64') },
        startsWith('Failed to create signature from DER bytes: '),
      ],
      [{ signature: Buffer.alloc(73, 1).toString('base64') }, startsWith('')],
      [{ signature: other.sign(text) }, failed],
      [{ signature: key.sign(Buffer.from(text).toString('base64')) }, failed],
      [{ signature: key.sign(Buffer.from(challenge.token).toString('base64')) }, failed],
      [other.authorize(randomBytes(32).toString('base64')), failed],
    ]
    for (const [over, answer] of cases) {
      const { token } = await challengeFor(api, route, request)
      expect([over, await send({ ...good, ...over }, token)]).toEqual([over, answer])
    }
    expect((await right())[0]).toBe(route.status)
  })

  test('takes a signature with a high S, and one that is shorter than most (regression 0.8.5)', async () => {
    for (const odd of [highS, null]) {
      const { key, send, challenge } = await begin()
      const { challenge: text, token } = challenge
      const signature = odd ? odd(key.sign(text)) : shortSignature(key, text, 69)
      expect((await send({ ...key.authorize(text), signature }, token))[0]).toBe(route.status)
    }
  })
})

function startsWith(text: string): unknown {
  const message = expect.stringMatching(new RegExp(`^${text}.{0,${50 - text.length}}$`))
  return [400, { allowRetry: false, error: { code: 'signature_verification_error', message } }]
}

/** One character in the middle of the token's ciphertext is another. */
function flipped(token: string): string {
  const at = Math.floor(token.length / 2)
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
}

/** Texts that a lenient decoder reads as the same token: other spare bits in a last character, padding, white space. */
function respelled(token: string): string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const parts = token.split('.')
  const spare = parts.flatMap((part, n) => {
    const bits = { 2: 4, 3: 2 }[part.length % 4] ?? 0
    const last = alphabet.indexOf(part.at(-1) ?? '')
    return Array.from({ length: 2 ** bits - 1 }, (_, more) => {
      const other = part.slice(0, -1) + alphabet[last ^ (more + 1)]
      return parts.with(n, other).join('.')
    })
  })
  return [...spare, `${token}=`, `${token}==`, `${token}\n`, `${token} `, token.replaceAll('.', '\n.'), `${token}.`]
}
