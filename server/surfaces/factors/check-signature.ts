import { verify } from 'node:crypto'
import { Problem } from '#server/kit/problem.ts'
import { Base64Fault, decodeBase64 } from '#server/kit/strict-base64.ts'
import { longestSignature, readDerS } from './der-signature.ts'
import { ecPublicKey } from './ec-public-key.ts'

const uncompressedLength = 65

/**
 * Check that the holder of a key pair signed these bytes: ECDSA on P-256 with SHA-256 (factor-backup §1, §5.3). High S
 * is fine, and so is any length up to 72 bytes: 69 and fewer happen by chance (regression §10.15).
 *
 * @param publicKey  base64 of the uncompressed point, 65 bytes
 * @param signature  base64 of the signature in DER
 * @param payload  the challenge, 32 raw bytes
 * @throws factors.signature_verification_error, worded
 */
export function checkSignature(
  { publicKey, signature }: { publicKey: string; signature: string },
  payload: Uint8Array,
): void {
  if (publicKey === '' || signature === '' || payload.length === 0)
    throw refusal('Public key, signature or trusted payload is empty')
  const point = decode(publicKey)
  const key = point.length === uncompressedLength && point[0] === 4 ? ecPublicKey('P-256', point) : null
  if (!key) throw refusal('Failed to create verifying key from SEC1 bytes')
  const der = decode(signature)
  if (readDerS('P-256', der) === null) throw refusal(`Failed to create signature from DER bytes: ${faultOf(der)}`)
  if (!verify('sha256', payload, key, der)) throw refusal('Signature verification failed')
}

function decode(text: string): Buffer {
  try {
    return decodeBase64(text)
  } catch (error) {
    if (!(error instanceof Base64Fault)) throw error
    throw refusal(`Failed to decode a value from base64: ${error.message}`)
  }
}

function faultOf(der: Uint8Array): string {
  return der.length > longestSignature ? `Invalid signature length. Received ${der.length} bytes` : 'signature error'
}

/** Clients get the first 50 characters (§5.3). */
function refusal(reason: string): Problem {
  return new Problem('factors.signature_verification_error', { message: reason.slice(0, 50) })
}
