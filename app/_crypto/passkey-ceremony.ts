import { startAuthentication, startRegistration, WebAuthnAbortService } from '@simplewebauthn/browser'

type CreationRequest = { options: Parameters<typeof startRegistration>[0]['optionsJSON']; token: string }
type AssertionRequest = { options: Parameters<typeof startAuthentication>[0]['optionsJSON']; token: string }

/** What goes back to the server. */
export type CeremonyAnswer = { token: string; credential: unknown }

/** @param request  as the server made it; its types are wider than the library's, which lists the transports */
export async function makePasskey(request: { options: object; token: string }): Promise<CeremonyAnswer> {
  const { options, token } = request as CreationRequest
  return { token, credential: await startRegistration({ optionsJSON: options }) }
}

/** @param autofill  wait until the person picks a passkey in the name field, rather than asking at once */
export async function presentPasskey(
  request: { options: object; token: string },
  { autofill = false } = {},
): Promise<CeremonyAnswer> {
  const { options, token } = request as AssertionRequest
  return { token, credential: await startAuthentication({ optionsJSON: options, useBrowserAutofill: autofill }) }
}

/** Stop waiting, e.g. when the page goes away. */
export function stopWaiting(): void {
  WebAuthnAbortService.cancelCeremony()
}

/** Why passkeys cannot work on this page, or why one did not. */
export type PasskeyTrouble = 'address' | 'noTls' | 'unsupported' | 'cancelled' | 'already' | 'noAuthenticator' | 'other'

/** What stands in the way before any ceremony; null when nothing does. @param rpId  null where the server has no name */
export function passkeyObstacle(rpId: string | null): PasskeyTrouble | null {
  if (rpId === null) return 'address'
  if (!window.isSecureContext) return 'noTls'
  return 'PublicKeyCredential' in window ? null : 'unsupported'
}

const byCode: Record<string, PasskeyTrouble> = {
  ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED: 'already',
  ERROR_INVALID_DOMAIN: 'address',
  ERROR_INVALID_RP_ID: 'address',
  ERROR_AUTHENTICATOR_GENERAL_ERROR: 'noAuthenticator',
  ERROR_AUTHENTICATOR_MISSING_DISCOVERABLE_CREDENTIAL_SUPPORT: 'noAuthenticator',
  ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT: 'noAuthenticator',
  ERROR_AUTHENTICATOR_NO_SUPPORTED_PUBKEYCREDPARAMS_ALG: 'noAuthenticator',
}

/** Why a ceremony failed; null when another took its place, which is no failure. */
export function ceremonyTrouble(error: unknown): PasskeyTrouble | null {
  const { code, name, cause } = error as { code?: string; name?: string; cause?: { name?: string } }
  if (code === 'ERROR_CEREMONY_ABORTED' || name === 'AbortError') return null
  // Browsers say this of everything that people do not finish, so that pages learn nothing of what they have.
  if (name === 'NotAllowedError' || cause?.name === 'NotAllowedError') return 'cancelled'
  return byCode[code ?? ''] ?? 'other'
}
