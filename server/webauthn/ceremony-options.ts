import { Problem } from '#server/kit/problem.ts'
import type { RelyingParty } from './relying-party.ts'

export type NewPasskey = {
  /** 32 random bytes. */
  challenge: Uint8Array
  /** 16 random bytes that the authenticator keeps. */
  userId: Uint8Array
  name: string
  displayName: string
  platform: 'IOS' | 'ANDROID'
}

/** ES256 and RS256, in this order (COSE algorithm numbers). */
const algorithms = [-7, -257]
const timeout = 300_000

/**
 * Options for `navigator.credentials.create()`, key by key as factor-backup §3.4 has them.
 *
 * @throws webauthn.failed when a name is empty
 */
export function creationOptions(
  rp: RelyingParty,
  { challenge, userId, name, displayName, platform }: NewPasskey,
): { publicKey: Record<string, unknown> } {
  if (name === '' || displayName === '')
    throw new Problem('webauthn.failed', { message: 'Invalid User Name supplied for registration' })
  return {
    publicKey: {
      rp: { name: rp.name, id: rp.id },
      user: { id: base64url(userId), name, displayName },
      challenge: base64url(challenge),
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      timeout,
      ...byPlatform[platform],
    },
  }
}

/** Passkeys of phones: iOS keeps its own in the keychain anyway, Android is told to. */
const byPlatform = {
  IOS: {
    authenticatorSelection: { residentKey: 'discouraged', requireResidentKey: false, userVerification: 'required' },
    attestation: 'none',
    extensions: {
      credentialProtectionPolicy: 'userVerificationRequired',
      enforceCredentialProtectionPolicy: false,
      uvm: true,
      credProps: true,
    },
  },
  ANDROID: {
    authenticatorSelection: {
      authenticatorAttachment: 'platform',
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    hints: ['client-device'],
    attestation: 'none',
    extensions: { uvm: true, credProps: true },
  },
}

/**
 * Options for `navigator.credentials.get()`: any passkey of this relying party, for nobody said who they are yet
 * (factor-backup §3.4). PRF inputs are the client's affair.
 */
export function requestOptions(rp: RelyingParty, challenge: Uint8Array) {
  return {
    publicKey: {
      challenge: base64url(challenge),
      timeout,
      rpId: rp.id,
      allowCredentials: [],
      userVerification: 'required',
      extensions: { uvm: true },
    },
    mediation: 'conditional',
  }
}

export type AccountPasskey = {
  /** 32 random bytes. */
  challenge: Uint8Array
  /** The account's id, 16 bytes. */
  userId: Uint8Array
  name: string
  /** Those the person has already: an authenticator must not make a second one in their place. */
  exclude: CredentialDescriptor[]
}

type CredentialDescriptor = { credentialId: string; transports: string[] }

/** Options for `create()` of a passkey that signs in to the pages: kept by the authenticator, any kind of one. */
export function accountCreationOptions(rp: RelyingParty, { challenge, userId, name, exclude }: AccountPasskey) {
  return {
    rp: { name: rp.name, id: rp.id },
    user: { id: base64url(userId), name, displayName: name },
    challenge: base64url(challenge),
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key' as const, alg })),
    timeout,
    excludeCredentials: exclude.map(descriptor),
    authenticatorSelection: {
      residentKey: 'required' as const,
      requireResidentKey: true,
      userVerification: 'required' as const,
    },
    attestation: 'none' as const,
    extensions: { credProps: true },
  }
}

/** Options for `get()` of such a passkey. @param allow  none = whichever the person picks says who they are */
export function accountRequestOptions(rp: RelyingParty, challenge: Uint8Array, allow: CredentialDescriptor[] = []) {
  return {
    challenge: base64url(challenge),
    timeout,
    rpId: rp.id,
    allowCredentials: allow.map(descriptor),
    userVerification: 'required' as const,
  }
}

function descriptor({ credentialId, transports }: CredentialDescriptor) {
  return { id: credentialId, type: 'public-key' as const, transports }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url')
}
