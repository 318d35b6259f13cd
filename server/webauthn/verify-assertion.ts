import { createHash } from 'node:crypto'
import { parseAuthenticatorData, verifySignature } from '@simplewebauthn/server/helpers'
import { z } from 'zod'
import { Problem } from '#server/kit/problem.ts'
import { BinaryField } from './binary-field.ts'
import { checkAuthenticatorData, checkClientData, chooseParty, readClientData } from './client-data.ts'
import type { Algorithm } from './cose-key.ts'
import { refusePrfResults } from './prf-results.ts'
import type { RelyingParty } from './relying-party.ts'

const shape = z.object({
  id: z.string(),
  rawId: BinaryField,
  type: z.string(),
  response: z.object({
    authenticatorData: BinaryField,
    clientDataJSON: BinaryField,
    signature: BinaryField,
    userHandle: BinaryField.nullish(),
  }),
})

/** What an authenticator answered to `get()`, not verified yet. */
export type Assertion = {
  /** Base64url. */
  credentialId: string
  authenticatorData: Buffer
  clientDataJSON: Buffer
  /** DER. */
  signature: Buffer
}

const userHandleBytes = 16

/**
 * Take an assertion apart, to find whose it is.
 *
 * @param options  a Turnkey stamp comes without a user handle; any other assertion is by a discoverable credential
 * @throws webauthn.prf_results before anything else, webauthn.malformed, webauthn.failed (factor-backup §3.4)
 */
export function readAssertion(
  credential: unknown,
  { userHandle: expected = 'required' }: { userHandle?: 'required' | 'optional' } = {},
): Assertion {
  refusePrfResults(credential)
  const read = shape.safeParse(credential)
  if (!read.success) throw new Problem('webauthn.malformed')
  const { rawId, response } = read.data
  const { userHandle, ...rest } = response
  if (expected === 'required' && userHandle?.length !== userHandleBytes) throw new Problem('webauthn.failed')
  return { credentialId: rawId.toString('base64url'), ...rest }
}

/** A passkey as it was registered. */
export type StoredPasskey = {
  credentialId: string
  /** COSE key. */
  publicKey: Buffer
  algorithm: Algorithm
  counter: number
  backupEligible: boolean
}

/**
 * Verify an assertion (WebAuthn §7.2) in the order of factor-backup §3.4: client data, relying party, presence,
 * verification, backup flags, signature, counter.
 *
 * @param rp  one, or all that it may be for
 * @returns the counter and backup state to write back
 * @throws webauthn.failed
 */
export async function verifyAssertion(
  assertion: Assertion,
  stored: StoredPasskey,
  { rp, challenge }: { rp: RelyingParty | RelyingParty[]; challenge: Uint8Array },
): Promise<{ counter: number; backedUp: boolean }> {
  if (assertion.credentialId !== stored.credentialId)
    throw new Problem('webauthn.failed', { message: 'The credential requested could not be found' })
  const clientData = readClientData(assertion.clientDataJSON)
  const parties = [rp].flat()
  checkClientData(clientData, { type: 'webauthn.get', parties, challenge })
  const { rpIdHash, flags, counter } = readAuthenticatorData(assertion.authenticatorData)
  checkAuthenticatorData(rpIdHash, flags, chooseParty(parties, rpIdHash, clientData))
  // Backup eligibility is for life (WebAuthn §6.1.3).
  if (flags.be !== stored.backupEligible) throw new Problem('webauthn.failed')
  if (!(await isSigned(assertion, stored)))
    throw new Problem('webauthn.failed', { message: 'Authentication has failed' })
  // WebAuthn §7.2 step 22: an authenticator that counts must have counted on; if not, it may be a copy.
  if ((counter > 0 || stored.counter > 0) && counter <= stored.counter) throw new Problem('webauthn.failed')
  return { counter, backedUp: flags.bs }
}

/** @throws webauthn.failed */
export function readAuthenticatorData(bytes: Buffer) {
  try {
    return parseAuthenticatorData(new Uint8Array(bytes))
  } catch (cause) {
    throw new Problem('webauthn.failed', { cause })
  }
}

/**
 * WebAuthn §7.2 step 21. The library's own walk through §7.2 is not used: it has other words, and refuses client data
 * of old browsers that the contract takes (`tokenBinding`).
 */
async function isSigned(
  { authenticatorData, clientDataJSON, signature }: Assertion,
  { publicKey }: StoredPasskey,
): Promise<boolean> {
  const clientDataHash = createHash('sha256').update(clientDataJSON).digest()
  try {
    return await verifySignature({
      signature: new Uint8Array(signature),
      data: new Uint8Array(Buffer.concat([authenticatorData, clientDataHash])),
      credentialPublicKey: new Uint8Array(publicKey),
    })
  } catch {
    // Bytes that are no signature at all.
    return false
  }
}
