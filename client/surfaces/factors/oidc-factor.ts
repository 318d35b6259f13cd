import { webCrypto } from '#client/crypto/web-crypto.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { toHex } from '#client/encoding/hex.ts'
import { challengeText } from './challenge-text.ts'
import { type MainFactor, textOf } from './main-factor.ts'
import { type PassphraseOptions, unwrapWithPassphrase, wrapWithPassphrase } from './passphrase-wrap.ts'
import { type SigningKey, signChallenge } from './signing-key.ts'
import type { OidcToken } from './wire.ts'
import { addWrap, findWrap, randomSalt, unwrapUnder, wrapUnder } from './wrapped-key.ts'

/** What opens the backup key beside the account: the provider knows the account, so the account alone must not. */
export type OidcSecret =
  | { passphrase: string; options?: PassphraseOptions }
  /** 32 random bytes that the person keeps. */
  | { keyFile: Uint8Array<ArrayBuffer> }

export type OidcFactorOptions = {
  /** An id_token whose nonce is `oidcNonce(session)`; good for one use. */
  oidcToken: OidcToken
  /** A fresh key for this sign-in. */
  session: SigningKey
  turnkeyProviderId: string
  /** Kept with the key for clients that use Turnkey (factor-backup §2.3); any text. */
  turnkey: { turnkeyAccountId: string; turnkeyUserId: string; turnkeyPrivateKeyId: string }
  secret: OidcSecret
}

const passphraseId = 'passphrase'

/** An account at Google or Apple as main factor; its wraps are in the key of kind `TURNKEY`. */
export function oidcFactor({ oidcToken, session, turnkeyProviderId, turnkey, secret }: OidcFactorOptions): MainFactor {
  const authorize: MainFactor['authorize'] = async (challenge) => ({
    kind: 'OIDC_ACCOUNT',
    oidcToken,
    publicKey: session.publicKey,
    signature: await signChallenge(session, challengeText(challenge)),
  })
  return {
    kind: 'OIDC_ACCOUNT',
    turnkeyProviderId,
    enroll: authorize,
    authorize,
    async wrap(backupKey, backupId, keys) {
      const wrap =
        'passphrase' in secret
          ? await wrapWithPassphrase(secret.passphrase, passphraseId, backupKey, backupId, secret.options)
          : await wrapWithKeyFile(secret.keyFile, backupKey, backupId)
      return { kind: 'TURNKEY', encryptedKey: addWrap(textOf(keys, 'TURNKEY'), wrap), ...turnkey }
    },
    async unwrap(keys, backupId) {
      const text = textOf(keys, 'TURNKEY') ?? ''
      if ('passphrase' in secret) {
        const wrap = findWrap(text, 'passphrase', passphraseId)
        return wrap && unwrapWithPassphrase(secret.passphrase, wrap, backupId, secret.options)
      }
      const id = await fingerprintOf(secret.keyFile)
      const wrap = findWrap(text, 'key-file', id)
      return wrap && unwrapUnder(secret.keyFile, wrap, { for: 'key-file', id, backupId })
    },
    // The server tells a masked address alone.
    isSame: (factor) => factor.kind === 'OIDC_ACCOUNT' && factor.account.kind === oidcToken.kind,
  }
}

/**
 * The `nonce` a sign-in must ask the provider for (factor-backup §5.4): SHA-256 of the compressed session key's hex,
 * in hex.
 */
export async function oidcNonce({ publicKey }: Pick<SigningKey, 'publicKey'>): Promise<string> {
  const point = fromBase64(publicKey)
  if (point?.byteLength !== 65) throw new TypeError('A public key is 65 bytes in base64')
  const isOdd = ((point[64] ?? 0) & 1) === 1
  const compressed = Uint8Array.from([isOdd ? 3 : 2, ...point.subarray(1, 33)])
  const digest = await webCrypto().digest('SHA-256', new TextEncoder().encode(toHex(compressed)))
  return toHex(new Uint8Array(digest))
}

async function wrapWithKeyFile(keyFile: Uint8Array<ArrayBuffer>, backupKey: Uint8Array<ArrayBuffer>, backupId: string) {
  if (keyFile.byteLength !== 32) throw new RangeError('A key file has 32 bytes')
  const id = await fingerprintOf(keyFile)
  const salt = randomSalt()
  const key = await wrapUnder(keyFile, salt, { for: 'key-file', id, backupId }, backupKey)
  return { for: 'key-file' as const, id, salt: toBase64(salt), key }
}

/** 16 hex digits; tells key files apart and gives nothing away. */
async function fingerprintOf(keyFile: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await webCrypto().digest('SHA-256', keyFile))).slice(0, 16)
}
