import { createHash } from 'node:crypto'
import { Problem } from '#server/kit/problem.ts'
import { Base64Fault, decodeBase64 } from '#server/kit/strict-base64.ts'
import { convertPoint } from './ec-public-key.ts'

/**
 * The nonce that ties an id_token to a session key, as Turnkey's social logins have it: SHA-256 over the hex text of
 * the compressed point (factor-backup §5.4).
 *
 * @param publicKey  base64 of the uncompressed point, 65 bytes
 * @returns 64 lower-case hex characters
 * @throws factors.oidc_token_invalid_nonce, worded
 */
export function nonceOfKey(publicKey: string): string {
  const point = decode(publicKey)
  if (point.length !== 65) throw refusal('P256 in SEC1 uncompressed public key must be 65 bytes long')
  const compressed = point[0] === 4 ? convertPoint('P-256', point, 'compressed') : null
  if (!compressed) throw refusal('Invalid public key')
  return createHash('sha256').update(compressed.toString('hex')).digest('hex')
}

function decode(publicKey: string): Buffer {
  try {
    return decodeBase64(publicKey)
  } catch (error) {
    if (!(error instanceof Base64Fault)) throw error
    throw refusal('Invalid public key base64')
  }
}

function refusal(message: string): Problem {
  return new Problem('factors.oidc_token_invalid_nonce', { message })
}
