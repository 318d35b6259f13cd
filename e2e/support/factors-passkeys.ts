/** Factors that are passkeys, on a software authenticator (factor-backup §3.4). */
import { type Api, type Draft, draft, initialSync, type Metadata, ok } from './factors.ts'
import { refusal } from './factors-errors.ts'
import {
  type AssertionOddities,
  type CredentialJson,
  createPasskey,
  getAssertion,
  type Passkey,
  type RegistrationOddities,
} from './software-authenticator.ts'

export const origin = 'https://keys.world.app'
export const android = 'android:apk-key-hash:nSrXEn8JkZKXFMAZW0NHhDRTHNi38YE2XCvVzYXjRu8'
/** Key material that must never reach a server. */
export const prfResults = { prf: { enabled: true, results: { first: 'AAAA' } } }

/** The texts of §3.4 that a client may see; everything else has the general one. */
export const ceremonyFault = {
  origin: 'The clients relying party origin does not match our servers information',
  rpId: 'The clients relying party id hash does not match the hash of our relying party id',
  present: 'The user present bit is not set, and required',
  verified: 'The user verified bit is not set, and required by policy',
  failed: 'Authentication has failed',
  type: (method: 'create' | 'get') => `The JSON from the client did not indicate webauthn.${method} correctly`,
}

export function badCeremony(message?: string): [status: number, body: unknown] {
  return refusal('webauthn_error', message)
}

export type PasskeyAuthorization = { kind: 'PASSKEY'; credential: unknown; label?: unknown }
export type PasskeyProof = { authorization: PasskeyAuthorization; challengeToken: string }

type Options<T> = { challenge: T; token: string }
type CreationOptions = Parameters<typeof createPasskey>[0]
type RequestOptions = Parameters<typeof getAssertion>[0]

/** A new passkey and the proof that registers it. */
export async function makePasskey(api: Api, odd: RegistrationOddities = {}) {
  const names = { name: 'ada@x.org', displayName: 'Ada', platform: 'IOS' }
  const { challenge, token } = ok(await api.send('create/challenge/passkey', names)) as Options<CreationOptions>
  const { passkey, credential } = createPasskey(challenge, { origin, ...odd })
  return { passkey, credential, challengeToken: token }
}

/** The `payload` of `/create` with a passkey as main factor. */
export async function passkeyPayload(api: Api, one: Draft, credential: unknown, challengeToken: string) {
  return {
    authorization: { kind: 'PASSKEY', credential, label: 'my phone' } satisfies PasskeyAuthorization,
    challengeToken,
    initialEncryptionKey: one.encryptionKey,
    ...(await initialSync(api, one.sync)),
    manifestHash: one.manifestHash,
    backupAccountId: one.id,
  }
}

/** Try to create a backup with a passkey that is odd in some way. */
export async function tryToCreate(
  api: Api,
  odd: RegistrationOddities = {},
  alter = (one: CredentialJson): unknown => one,
) {
  const one = draft({ encryptionKey: { kind: 'PRF', encryptedKey: 'opaque' } })
  const { passkey, credential, challengeToken } = await makePasskey(api, odd)
  const payload = await passkeyPayload(api, one, alter(credential), challengeToken)
  return { one, passkey, credential, answer: await api.sendForm('create', payload, one.bytes) }
}

export type PasskeyBackup = Draft & { passkey: Passkey; credential: CredentialJson; metadata: Metadata }

/** A new backup of that passkey. @throws when it is refused */
export async function createByPasskey(api: Api, odd: RegistrationOddities = {}): Promise<PasskeyBackup> {
  const { one, passkey, credential, answer } = await tryToCreate(api, odd)
  return { ...one, passkey, credential, metadata: ok(answer).backupMetadata as Metadata }
}

/** A whole proof by a passkey, odd or not. */
export async function provePasskey(
  api: Api,
  route: 'retrieve' | 'verify-factor' | 'history' | 'restore',
  passkey: Passkey,
  odd: AssertionOddities = {},
): Promise<PasskeyProof> {
  const { challenge, token } = ok(await api.send(`${route}/challenge/passkey`, {})) as Options<RequestOptions>
  const credential = getAssertion(challenge, passkey, { origin, ...odd })
  return { authorization: { kind: 'PASSKEY', credential }, challengeToken: token }
}
