import { convertAAGUIDToString } from '@simplewebauthn/server/helpers'
import { z } from 'zod'
import { Problem } from '#server/kit/problem.ts'
import { BinaryField } from './binary-field.ts'
import { checkAuthenticatorData, checkClientData, chooseParty, readClientData } from './client-data.ts'
import { type Algorithm, readCoseKey } from './cose-key.ts'
import { refusePrfResults } from './prf-results.ts'
import type { RelyingParty } from './relying-party.ts'
import { readAuthenticatorData } from './verify-assertion.ts'
import { checkStatement, readAttestation } from './verify-statement.ts'

const shape = z.object({
  id: z.string(),
  rawId: BinaryField,
  type: z.string(),
  response: z.object({
    attestationObject: BinaryField,
    clientDataJSON: BinaryField,
    transports: z.array(z.string()).nullish(),
  }),
})

/** WebAuthn §7.1 step 26. */
const longestCredentialId = 1023

export type VerifiedPasskey = {
  /** Base64url. */
  credentialId: string
  /** COSE key. */
  publicKey: Buffer
  algorithm: Algorithm
  counter: number
  backupEligible: boolean
  backedUp: boolean
  aaguid: string
  transports: string[]
}

/**
 * Verify what an authenticator answered to `create()` (WebAuthn §7.1), in the order of factor-backup §3.4.
 *
 * @param rp  one, or all that it may be for
 * @param credential  the client's JSON; PRF results are refused here as well, for it is kept and handed back
 * @throws webauthn.prf_results, webauthn.malformed, webauthn.failed
 */
export async function verifyRegistration(
  credential: unknown,
  { rp, challenge }: { rp: RelyingParty | RelyingParty[]; challenge: Uint8Array },
): Promise<VerifiedPasskey> {
  refusePrfResults(credential)
  const given = shape.safeParse(credential)
  if (!given.success) throw new Problem('webauthn.malformed')
  const { attestationObject, clientDataJSON, transports } = given.data.response
  const clientData = readClientData(clientDataJSON)
  const parties = [rp].flat()
  checkClientData(clientData, { type: 'webauthn.create', parties, challenge })

  const attestation = readAttestation(attestationObject)
  const read = readAuthenticatorData(attestation.authenticatorData)
  const party = chooseParty(parties, read.rpIdHash, clientData)
  checkAuthenticatorData(read.rpIdHash, read.flags, party)
  const { credentialID, credentialPublicKey, aaguid } = read
  if (!credentialID?.length || credentialID.length > longestCredentialId || !credentialPublicKey || !aaguid)
    throw new Problem('webauthn.failed')
  const key = readCoseKey(credentialPublicKey)
  const credentialId = Buffer.from(credentialID).toString('base64url')
  await checkStatement(attestation, { ...key, ...clientData, credentialId, clientDataJSON }, party.id)
  return {
    credentialId,
    publicKey: Buffer.from(credentialPublicKey),
    algorithm: key.algorithm,
    counter: read.counter,
    backupEligible: read.flags.be,
    backedUp: read.flags.bs,
    aaguid: convertAAGUIDToString(aaguid),
    transports: transports ?? [],
  }
}
