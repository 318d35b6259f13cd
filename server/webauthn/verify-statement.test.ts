import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { androidKey, apple, fidoU2f, packedByMaker } from '#e2e/support/attestation-statements.ts'
import { cborBytes, cborInt, cborMap, cborText } from '#e2e/support/cbor.ts'
import { type Attested, createPasskey, type RegistrationOddities, sign } from '#e2e/support/software-authenticator.ts'
import { verifyRegistration } from './verify-registration.ts'

const rp = { id: 'keys.example', name: 'Keys', origins: ['https://keys.example'] }
const origin = 'https://keys.example'
const failed = { code: 'webauthn.failed', message: 'Authentication failed with passkey. Please try again.' }

function register(odd: RegistrationOddities) {
  const challenge = randomBytes(32)
  const user = { id: randomBytes(16).toString('base64url') }
  const publicKey = { rp: { id: rp.id }, user, challenge: challenge.toString('base64url') }
  const { credential } = createPasskey({ publicKey }, { origin, ...odd })
  return verifyRegistration(credential, { rp, challenge })
}

const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })

test.each<[string, RegistrationOddities]>([
  ['packed, by its maker', { attest: packedByMaker }],
  ['fido-u2f', { attest: fidoU2f }],
  ['apple', { attest: apple }],
  ['android-key', { attest: androidKey }],
  ['android-key, RS256', { attest: androidKey, algorithm: 'RS256' }],
])('a statement of format %s that agrees with itself is taken, whoever signed it', async (_format, odd) => {
  await expect(register(odd)).resolves.toMatchObject({ counter: 0 })
})

test.each<[string, RegistrationOddities['attest']]>([
  ['packed, by the key of another', (made) => packedByMaker({ ...made, authData: randomBytes(64) })],
  ['packed, without its maker’s name', (made) => packedByMaker(made, Buffer.of(0x30, 0))],
  ['packed, by its own key with another algorithm’s number', (made) => packedBySelf(made, -257)],
  ['fido-u2f, over another relying party', (made) => fidoU2f({ ...made, rpIdHash: randomBytes(32) })],
  ['apple, over something else', (made) => apple(made, randomBytes(32))],
  ['android-key, about another key', (made) => androidKey(made, { key: other.publicKey })],
  ['android-key, about another challenge', (made) => androidKey(made, { challenge: randomBytes(32) })],
  ['android-key, with a key for all apps', (made) => androidKey(made, { forAll: true })],
  ['android-key, signed by another', (made) => androidKey(made, { signature: sign(other, made.authData) })],
  ['android-key, empty', () => ({ format: 'android-key', statement: cborMap([]) })],
  ['tpm, empty', () => ({ format: 'tpm', statement: cborMap([]) })],
  ['none, with a statement', (made) => ({ ...packedBySelf(made, -7), format: 'none' })],
])('a statement of format %s is refused', async (_format, attest) => {
  await expect(register({ attest })).rejects.toMatchObject(failed)
})

test('no certificate makes the server call the address of a revocation list', async () => {
  let calls = 0
  const server = createServer((_request, response) => {
    calls++
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const revocationList = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await expect(register({ attest: (made) => androidKey(made, { revocationList }) })).resolves.toBeTruthy()
  expect(calls).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

function packedBySelf({ passkey, authData, clientDataHash }: Attested, alg: number) {
  const signature = sign(passkey, Buffer.concat([authData, clientDataHash]))
  const members: Array<[Buffer, Buffer]> = [
    [cborText('alg'), cborInt(alg)],
    [cborText('sig'), cborBytes(signature)],
  ]
  return { format: 'packed', statement: cborMap(members) }
}
