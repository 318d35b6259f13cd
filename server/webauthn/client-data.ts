import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Problem } from '#server/kit/problem.ts'
import type { RelyingParty } from './relying-party.ts'

const shape = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().nullish(),
})

export type ClientData = z.infer<typeof shape>

/** @throws webauthn.failed when it is not the JSON of WebAuthn §5.8.1 */
export function readClientData(bytes: Buffer): ClientData {
  try {
    return shape.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new Problem('webauthn.failed', { cause })
  }
}

/**
 * Steps 7 to 10 of WebAuthn §7.1, 10 to 13 of §7.2: the ceremony, its challenge, where it took place.
 *
 * @throws webauthn.failed, in words that factor-backup §3.4 gives for the type and the origin
 */
export function checkClientData(
  data: ClientData,
  {
    type,
    parties,
    challenge,
  }: { type: 'webauthn.create' | 'webauthn.get'; parties: RelyingParty[]; challenge: Uint8Array },
): void {
  if (data.type !== type) throw failed(`The JSON from the client did not indicate ${type} correctly`)
  if (data.challenge !== Buffer.from(challenge).toString('base64url')) throw new Problem('webauthn.failed')
  if (!parties.some(({ origins }) => isAllowed(data.origin, origins))) throw failed(otherOrigin)
  if (data.crossOrigin) throw new Problem('webauthn.failed')
}

const otherParty = 'The clients relying party id hash does not match the hash of our relying party id'
const otherOrigin = 'The clients relying party origin does not match our servers information'

/**
 * The relying party that the authenticator thinks it talks to, where the ceremony took place.
 *
 * @throws webauthn.failed in the contract's words, as `checkClientData` and `checkAuthenticatorData`
 */
export function chooseParty(parties: RelyingParty[], rpIdHash: Uint8Array, { origin }: ClientData): RelyingParty {
  const party = parties.find(({ id }) => createHash('sha256').update(id).digest().equals(rpIdHash))
  if (!party) throw failed(otherParty)
  if (!isAllowed(origin, party.origins)) throw failed(otherOrigin)
  return party
}

export type AuthenticatorFlags = { up: boolean; uv: boolean; be: boolean; bs: boolean }

/**
 * Steps 13 to 15 of WebAuthn §7.1, 15 to 18 of §7.2: whom the authenticator thinks it talks to, and that somebody was
 * there and showed who they are.
 *
 * @throws webauthn.failed
 */
export function checkAuthenticatorData(rpIdHash: Uint8Array, flags: AuthenticatorFlags, rp: RelyingParty): void {
  if (!createHash('sha256').update(rp.id).digest().equals(rpIdHash)) throw failed(otherParty)
  if (!flags.up) throw failed('The user present bit is not set, and required')
  if (!flags.uv) throw failed('The user verified bit is not set, and required by policy')
  // A backed-up credential that cannot be backed up (WebAuthn §6.1.3).
  if (flags.bs && !flags.be) throw new Problem('webauthn.failed')
}

/** Web origins by scheme, host and port, apps by their exact text (factor-backup §3.4). */
function isAllowed(origin: string, allowed: string[]): boolean {
  const given = normal(origin)
  return allowed.some((one) => normal(one) === given)
}

function normal(origin: string): string {
  return /^https?:/i.test(origin) && URL.canParse(origin) ? new URL(origin).origin : origin
}

function failed(message: string): Problem {
  return new Problem('webauthn.failed', { message })
}
