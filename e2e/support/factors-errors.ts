import { expect } from 'vitest'

/** The answers that refuse something, status and whole body, as factor-backup §7 lists them. */
const refusals = {
  multipart_error: [400, 'incomplete multipart stream'],
  missing_payload_field: [400, 'Missing payload field in multipart data'],
  missing_backup_field: [400, 'Missing backup field in multipart data'],
  invalid_payload: [400, 'Failed to deserialize payload'],
  empty_backup_file: [400, 'Empty backup file'],
  content_too_large: [413, 'Backup file exceeds maximum allowed size.'],
  jwt_error: [400, 'Invalid or expired token.'],
  unexpected_challenge_type: [400, 'The challenge type does not match the expected type.'],
  invalid_challenge_context: [400, 'Client-side auth failure: invalid_challenge_context'],
  already_used: [400, 'Token has already been used.'],
  token_not_found: [400, 'Token not found.'],
  signature_verification_error: [400, 'Signature verification failed'],
  invalid_signature: [400, 'Signature must be valid base64.'],
  invalid_backup_account_id: [400, 'Failed to parse compressed public key from backup_account_id.'],
  webauthn_error: [400, 'Authentication failed with passkey. Please try again.'],
  webauthn_invalid_payload: [400, 'WebAuthN payload is invalid.'],
  webauthn_prf_results_not_allowed: [400, 'Client-side auth failure: webauthn_prf_results_not_allowed'],
  backup_untraceable: [400, 'Client-side auth failure: backup_untraceable'],
  backup_does_not_exist: [400, 'Client-side auth failure: backup_does_not_exist'],
  backup_id_mismatch: [400, 'Client-side auth failure: backup_id_mismatch'],
  invalid_authorization_type: [400, 'Client-side auth failure: invalid_authorization_type'],
  invalid_sync_factor_type: [400, 'Client-side auth failure: invalid_sync_factor_type'],
  missing_turnkey_provider_id: [400, 'Client-side auth failure: missing_turnkey_provider_id'],
  missing_email: [400, 'Client-side auth failure: missing_email'],
  unauthorized_factor: [400, 'The provided factor is not authorized for this backup.'],
  oidc_token_parse_error: [400, 'Failed to parse OIDC token.'],
  oidc_token_verification_error: [400, 'Failed to verify OIDC token.'],
  oidc_token_invalid_nonce: [400, 'Nonce is required for OIDC verification'],
  oidc_token_invalid_aud: [400, 'Invalid aud provided.'],
  oidc_token_mismatch: [400, 'OIDC Token mismatch'],
  missing_turnkey_activity: [400, 'Turnkey activity is missing'],
  invalid_turnkey_activity: [400, 'Turnkey activity is missing server challenge'],
  turnkey_activity_error: [400, 'Signature verification failed'],
  invalid_challenge: [400, 'Challenge mismatch with Turnkey activity'],
  invalid_new_factor_authorization_type: [400, 'Invalid new factor authorization type'],
  not_supported: [400, 'Not supported'],
  factor_already_exists: [400, 'This factor already exists.'],
  too_many_factors: [409, 'The maximum number of factors for this backup has been reached.'],
  only_one_encryption_key_per_type_allowed: [400, 'Only one encryption key per type is allowed.'],
  factor_not_found: [400, 'Factor not found in backup'],
  encryption_key_not_allowed: [400, 'Removing an encryption key is not allowed when removing sync factors'],
  encryption_key_not_found: [400, 'Encryption key not found.'],
  factor_orphaned_from_encryption_key: [400, 'Cannot remove encryption key as it would orphan an existing factor.'],
  backup_not_found: [400, 'Backup not found.'],
  backup_account_id_already_exists: [409, 'Backup ID already exists. Please `/sync` instead.'],
  manifest_hash_mismatch: [412, 'The manifest hash does not match the expected value.'],
  conflicting_lock: [423, 'Conflicting lock on resource'],
  not_found: [404, 'Not Found'],
  invalid_attestation_token_header: [400, 'Attestation token header is invalid or not present.'],
  invalid_attestation_token: [400, 'Invalid attestation token.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

export type RefusalCode = keyof typeof refusals

/** What `said` gives for that refusal. @param message  where §7 has several for one code */
export function refusal(code: RefusalCode, message?: string): [status: number, body: unknown] {
  const [status, words] = refusals[code]
  return [status, { allowRetry: false, error: { code, message: message ?? words } }]
}

/** §5.3: the first 50 characters of the reason. */
export function badSignature(reason: string): [status: number, body: unknown] {
  return refusal('signature_verification_error', reason.slice(0, 50))
}

/** §6: what was wrong about the claims. */
export function badClaim(reason: string): [status: number, body: unknown] {
  const message = `Invalid attestation token claim: ${reason}.`
  return [400, { allowRetry: false, error: { code: 'invalid_attestation_token_claim', message } }]
}

/** The envelope of §1.1 and nothing else, whatever it says: what framework-level refusals (§1.2) have in common. */
export const envelope = {
  allowRetry: false,
  error: { code: expect.stringMatching(/^[a-z][a-z0-9_]*$/), message: expect.any(String) },
}
