/** Keys of factors and of backup accounts, as a phone has them (factor-backup §1). */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'

export type EcKey = {
  /** b64 of the uncompressed point, 65 bytes. */
  publicKey: string
  privateKey: KeyObject
  /** b64 DER signature of the bytes behind a b64 challenge. */
  sign(challenge: string): string
  /** What proves possession of the key, for the `authorization` of a request. */
  authorize(challenge: string): EcAuthorization
}

export type EcAuthorization = { kind: 'EC_KEYPAIR'; publicKey: string; signature: string }

/** A P-256 key pair: a main factor, a sync factor or the session key of an OIDC sign-in. */
export function ecKey(): EcKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = pointOf(privateKey).toString('base64')
  const signature = (challenge: string) =>
    sign('sha256', Buffer.from(challenge, 'base64'), privateKey).toString('base64')
  return {
    publicKey,
    privateKey,
    sign: signature,
    authorize: (challenge) => ({ kind: 'EC_KEYPAIR', publicKey, signature: signature(challenge) }),
  }
}

function pointOf(privateKey: KeyObject): Buffer {
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
}

/** The same key, as the compressed point that the server refuses. */
export function compressed(publicKey: string): string {
  return Buffer.from(p256.Point.fromBytes(Buffer.from(publicKey, 'base64')).toBytes(true)).toString('base64')
}

/** A signature by that key whose DER has at most that many bytes: about one in two hundred has 69. */
export function shortSignature(key: EcKey, challenge: string, bytes: number): string {
  return signatureOfLength(key, challenge, (length) => length <= bytes)
}

/** A signature by that key whose base64 ends in `=`. */
export function paddedSignature(key: EcKey, challenge: string): string {
  return signatureOfLength(key, challenge, (length) => length % 3 !== 0)
}

function signatureOfLength(key: EcKey, challenge: string, fits: (bytes: number) => boolean): string {
  for (;;) {
    const signature = key.sign(challenge)
    if (fits(Buffer.from(signature, 'base64').length)) return signature
  }
}

/** The other of the two signatures that fit the same message, with an S in the upper half of the order. */
export function highS(signature: string): string {
  const { r, s } = p256.Signature.fromBytes(Buffer.from(signature, 'base64'), 'der')
  const order = p256.Point.Fn.ORDER
  const high = s > order / 2n ? s : order - s
  return Buffer.from(new p256.Signature(r, high).toBytes('der')).toString('base64')
}

export type AccountKey = {
  /** `backup_account_` and the compressed point in hex. */
  id: string
  /** b64 DER, low S as §4.12 demands. */
  sign(challenge: string): string
  /** The twin with a high S. */
  signHigh(challenge: string): string
}

/** The secp256k1 key of a backup account, which alone can reset it. */
export function accountKey(): AccountKey {
  const { secretKey, publicKey } = secp256k1.keygen()
  const low = (challenge: string) =>
    secp256k1.sign(Buffer.from(challenge, 'base64'), secretKey, { prehash: true, lowS: true, format: 'der' })
  return {
    id: `backup_account_${Buffer.from(publicKey).toString('hex')}`,
    sign: (challenge) => Buffer.from(low(challenge)).toString('base64'),
    signHigh(challenge) {
      const { r, s } = secp256k1.Signature.fromBytes(low(challenge), 'der')
      const high = new secp256k1.Signature(r, secp256k1.Point.Fn.ORDER - s)
      return Buffer.from(high.toBytes('der')).toString('base64')
    },
  }
}

/** What an id_token's `nonce` must say for that session key (§5.4): SHA-256 of the hex text of the compressed point. */
export function nonceOf(publicKey: string): string {
  const hex = Buffer.from(compressed(publicKey), 'base64').toString('hex')
  return createHash('sha256').update(hex).digest('hex')
}
