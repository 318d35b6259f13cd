import { createHash, type KeyObject, verify } from 'node:crypto'
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { checkAuthenticatorData, checkClientData, readClientData } from '#server/webauthn/client-data.ts'
import type { RelyingParty } from '#server/webauthn/relying-party.ts'
import { type Assertion, readAuthenticatorData, type StoredPasskey } from '#server/webauthn/verify-assertion.ts'
import { readDerS } from './der-signature.ts'
import { ecPublicKey } from './ec-public-key.ts'
import { readTurnkeyActivity, turnkeyError } from './read-turnkey-activity.ts'

export type TurnkeyStamp = {
  assertion: Assertion
  stored: StoredPasskey
  /** The activity's JSON text, byte by byte as it was signed. */
  activity: string
  /** Of the backup's Turnkey key; null when it has none. */
  expectedOrganizationId: string | null
  rp: RelyingParty
  /** Milliseconds. */
  now: number
}

/**
 * Check that a passkey allowed a Turnkey activity: its assertion is over the hash of the activity's text, and the
 * activity is the one that adds a key (factor-backup §5.6). Relying party, origin, presence, verification, ceremony and
 * counter are checked too, which the original does not (weakness §10.1).
 *
 * @returns the backup challenge inside the activity, or null; counter and backup state to write back
 * @throws factors.turnkey_activity_error, worded
 */
export function verifyTurnkeyActivity({ assertion, stored, activity, expectedOrganizationId, rp, now }: TurnkeyStamp): {
  challenge: string | null
  counter: number
  backedUp: boolean
} {
  const key = p256KeyOf(stored)
  if (!key) throw turnkeyError('Incorrect key type, expected P256 with ECDSA')
  const { clientData, authenticatorData } = takeApart(assertion)

  // Encoded twice: the challenge is the text of the hash in hex, not the hash (Turnkey's WebAuthn stamps).
  const expected = Buffer.from(createHash('sha256').update(activity).digest('hex'))
  if (!decodeChallenge(clientData.challenge).equals(expected))
    throw turnkeyError('Mismatch between challenge in the assertion and the hash of activity JSON')
  if (!isSigned(assertion, key)) throw turnkeyError('Signature verification failed')

  const { rpIdHash, flags, counter } = authenticatorData
  inTurnkeyWords(() => {
    checkClientData(clientData, { type: 'webauthn.get', parties: [rp], challenge: expected })
    checkAuthenticatorData(rpIdHash, flags, rp)
    if (flags.be !== stored.backupEligible) throw new Problem('webauthn.failed')
    if ((counter > 0 || stored.counter > 0) && counter <= stored.counter) throw new Problem('webauthn.failed')
  })
  const { challenge } = readTurnkeyActivity(activity, { expectedOrganizationId, now })
  return { challenge, counter, backedUp: flags.bs }
}

function p256KeyOf({ algorithm, publicKey }: StoredPasskey): KeyObject | null {
  if (algorithm !== 'ES256') return null
  const key = decodeCredentialPublicKey(new Uint8Array(publicKey))
  const [x, y] = cose.isCOSEPublicKeyEC2(key) ? [key.get(cose.COSEKEYS.x), key.get(cose.COSEKEYS.y)] : []
  return x && y ? ecPublicKey('P-256', Buffer.concat([Buffer.of(4), x, y])) : null
}

function takeApart({ clientDataJSON, authenticatorData }: Assertion) {
  try {
    return {
      clientData: readClientData(clientDataJSON),
      authenticatorData: readAuthenticatorData(authenticatorData),
    }
  } catch (error) {
    throw isProblem(error) ? undecodable() : error
  }
}

function decodeChallenge(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw undecodable()
  return bytes
}

/** WebAuthn §7.2 step 21. */
function isSigned({ authenticatorData, clientDataJSON, signature }: Assertion, key: KeyObject): boolean {
  if (readDerS('P-256', signature) === null) throw turnkeyError('Failed to convert signature format')
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientDataJSON).digest()])
  return verify('sha256', signed, key, signature)
}

function inTurnkeyWords(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw isProblem(error) ? turnkeyError(error.message) : error
  }
}

function undecodable(): Problem {
  return turnkeyError('Failed to decode assertion components')
}
