import { verify } from 'node:crypto'
import { Problem } from '#server/kit/problem.ts'
import { Base64Fault, decodeBase64 } from '#server/kit/strict-base64.ts'
import { isHighS, readDerS } from './der-signature.ts'
import { ecPublicKey } from './ec-public-key.ts'

const prefix = 'backup_account_'

/**
 * Check that the holder of a backup-account key signed these bytes: ECDSA on secp256k1 (regression §10.15: not P-256)
 * with SHA-256 and low S, so that no signature has a twin (factor-backup §4.12).
 *
 * @param backupAccountId  `backup_account_` and the compressed point in hex
 * @param signature  base64 of the signature in DER
 * @param payload  the challenge, 32 raw bytes
 * @throws factors.invalid_backup_account_id, factors.invalid_signature, factors.signature_verification_error, in this order
 */
export function checkResetSignature(backupAccountId: string, signature: string, payload: Uint8Array): void {
  const point = Buffer.from(backupAccountId.slice(prefix.length), 'hex')
  if (point.length !== 33 || (point[0] !== 2 && point[0] !== 3)) throw new Problem('factors.invalid_backup_account_id')
  const key = ecPublicKey('secp256k1', point)
  if (!key) {
    const message = 'Failed to create verifying key from backup_account_id.'
    throw new Problem('factors.invalid_backup_account_id', { message })
  }

  const der = decode(signature)
  const s = readDerS('secp256k1', der)
  if (s === null)
    throw new Problem('factors.invalid_signature', { message: 'Failed to parse signature as DER format.' })
  if (isHighS('secp256k1', s) || !verify('sha256', payload, key, der))
    throw new Problem('factors.signature_verification_error', { message: 'Signature verification failed.' })
}

function decode(text: string): Buffer {
  try {
    return decodeBase64(text)
  } catch (error) {
    if (!(error instanceof Base64Fault)) throw error
    throw new Problem('factors.invalid_signature')
  }
}
