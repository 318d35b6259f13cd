import { createHash } from 'node:crypto'
import { SettingsService, verifyRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject } from '@simplewebauthn/server/helpers'
import { Problem } from '#server/kit/problem.ts'
import { algorithms, type CredentialKey } from './cose-key.ts'
import { verifyAndroidKey } from './verify-android-key.ts'

// Whose authenticator it is does not matter (factor-backup §3.4). Without roots the library follows no chain, and so
// fetches no revocation list.
SettingsService.setRootCertificates({ identifier: 'apple', certificates: [] })

/** What the library verifies; `android-key` is verified here, SafetyNet and unknown formats are refused. */
const formats: unknown[] = ['none', 'packed', 'tpm', 'apple', 'fido-u2f']

/** An attestation object taken apart (WebAuthn §6.5.4). */
export type Attestation = {
  format: unknown
  statement: ReadonlyMap<string, unknown>
  authenticatorData: Buffer
  /** All of it, as it came. */
  bytes: Buffer
}

/** @throws webauthn.failed */
export function readAttestation(bytes: Buffer): Attestation {
  try {
    const decoded = decodeAttestationObject(new Uint8Array(bytes)) as ReadonlyMap<string, unknown>
    const [format, statement, authData] = ['fmt', 'attStmt', 'authData'].map((name) => decoded.get(name))
    if (statement instanceof Map && authData instanceof Uint8Array)
      return { format, statement, authenticatorData: Buffer.from(authData), bytes }
  } catch (cause) {
    throw new Problem('webauthn.failed', { cause })
  }
  throw new Problem('webauthn.failed')
}

export type Made = CredentialKey & {
  /** Base64url. */
  credentialId: string
  clientDataJSON: Buffer
  /** What the client data says, checked before. */
  origin: string
  challenge: string
}

/**
 * Check that an attestation statement agrees with itself and with what it is about (WebAuthn §7.1 step 21).
 *
 * @param rpId  of the relying party; the hash of it is compared once more
 * @throws webauthn.failed
 */
export async function checkStatement(attestation: Attestation, made: Made, rpId: string): Promise<void> {
  try {
    if (await agrees(attestation, made, rpId)) return
  } catch (cause) {
    // The library, and what reads certificates, throw on whatever they do not like.
    throw new Problem('webauthn.failed', { cause })
  }
  throw new Problem('webauthn.failed')
}

async function agrees(attestation: Attestation, made: Made, rpId: string): Promise<boolean> {
  const { format, statement, authenticatorData, bytes } = attestation
  const { credentialId: id, clientDataJSON, key } = made
  if (format === 'android-key') {
    const clientDataHash = createHash('sha256').update(clientDataJSON).digest()
    return verifyAndroidKey({ statement, authenticatorData, clientDataHash, key })
  }
  if (!formats.includes(format)) return false
  // A statement signed by the credential's own key names that key's algorithm (WebAuthn §8.2); the library takes any.
  if (format === 'packed' && !statement.get('x5c') && statement.get('alg') !== algorithms[made.algorithm]) return false
  const { verified } = await verifyRegistrationResponse({
    response: {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        attestationObject: bytes.toString('base64url'),
        clientDataJSON: clientDataJSON.toString('base64url'),
      },
    },
    expectedChallenge: made.challenge,
    expectedOrigin: made.origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: Object.values(algorithms),
  })
  return verified
}
