import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { Problem } from '#server/kit/problem.ts'

/** COSE algorithm numbers that passkeys may have here (factor-backup §3.4). */
export const algorithms = { ES256: -7, RS256: -257 } as const

export type Algorithm = keyof typeof algorithms

export type CredentialKey = { algorithm: Algorithm; key: KeyObject }

/** Labels of COSE_Key (RFC 9052 §7.1, RFC 9053 §7.1.1, RFC 8230 §4); -1 and -2 mean another thing to each kind. */
const label = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const
const ec2 = 2
const rsa = 3
const p256 = 1
/** Bytes of a modulus, 2048 to 4096 bits: a longer one would only cost time. */
const modulus = { least: 256, most: 512 }

/**
 * A credential's public key as a key that verifies. It is one that can: of the kind its algorithm demands, and on the
 * curve (WebAuthn §5.8.5). The library looks at none of that, and a passkey with another key could never be used.
 *
 * @param bytes  COSE_Key, CBOR
 * @throws webauthn.failed
 */
export function readCoseKey(bytes: Uint8Array): CredentialKey {
  try {
    const cose = decodeCredentialPublicKey(new Uint8Array(bytes)) as unknown as ReadonlyMap<number, unknown>
    const [kty, alg] = [cose.get(label.kty), cose.get(label.alg)]
    if (kty === ec2 && alg === algorithms.ES256 && cose.get(label.crv) === p256) {
      const [x, y] = [numberIn(cose, label.x, 32, 32), numberIn(cose, label.y, 32, 32)]
      return { algorithm: 'ES256', key: keyOf({ kty: 'EC', crv: 'P-256', x, y }) }
    }
    if (kty === rsa && alg === algorithms.RS256) {
      const [n, e] = [numberIn(cose, label.n, modulus.least, modulus.most), numberIn(cose, label.e, 1, 4)]
      return { algorithm: 'RS256', key: keyOf({ kty: 'RSA', n, e }) }
    }
  } catch (cause) {
    throw new Problem('webauthn.failed', { cause })
  }
  throw new Problem('webauthn.failed')
}

function keyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' })
}

/** Base64url of an unsigned integer. */
function numberIn(cose: ReadonlyMap<number, unknown>, at: number, least: number, most: number): string {
  const bytes = cose.get(at)
  if (!(bytes instanceof Uint8Array) || bytes.length < least || bytes.length > most) throw new Error('no such number')
  return Buffer.from(bytes).toString('base64url')
}
