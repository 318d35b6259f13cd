import { webCrypto } from '#client/crypto/web-crypto.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { challengeText } from './challenge-text.ts'
import { type MainFactor, textOf } from './main-factor.ts'
import { importSigningKey, keypairAuthorization, type SigningKey } from './signing-key.ts'
import { addWrap, findWrap, randomSalt, unwrapUnder, wrapUnder } from './wrapped-key.ts'

/** One P-256 key in both its uses: signing for the server, ECDH for the backup key. */
export type EcFactorKey = { signing: SigningKey; agreement: CryptoKey }

const ecdh = { name: 'ECDH', namedCurve: 'P-256' }

/** From PKCS#8; neither use can be exported again. @throws DOMException when it is no P-256 key */
export async function importEcFactorKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<EcFactorKey> {
  const signing = await importSigningKey(pkcs8)
  const agreement = await webCrypto().importKey('pkcs8', pkcs8, ecdh, false, ['deriveBits'])
  return { signing, agreement }
}

/**
 * An EC key pair as main factor; its wraps are in the key of kind `ICLOUD`, which is the contract's companion of
 * `EC_KEYPAIR` (factor-backup §4.10).
 *
 * @param options.label  what kind of key pair it is, for people: kept in clear beside its wrap
 */
export function ecFactor({ signing, agreement }: EcFactorKey, { label }: { label?: string } = {}): MainFactor {
  const { publicKey } = signing
  const authorize: MainFactor['authorize'] = (challenge) => keypairAuthorization(signing, challengeText(challenge))
  return {
    kind: 'EC_KEYPAIR',
    enroll: authorize,
    authorize,
    async wrap(backupKey, backupId, keys) {
      const salt = randomSalt()
      const secret = await ownSecret(agreement, publicKey)
      const key = await wrapUnder(secret, salt, { for: 'ec', id: publicKey, backupId }, backupKey)
      secret.fill(0)
      const wrap = { for: 'ec' as const, id: publicKey, salt: toBase64(salt), key, ...(label ? { label } : {}) }
      return { kind: 'ICLOUD', encryptedKey: addWrap(textOf(keys, 'ICLOUD'), wrap) }
    },
    async unwrap(keys, backupId) {
      const wrap = findWrap(textOf(keys, 'ICLOUD') ?? '', 'ec', publicKey)
      if (wrap === null) return null
      const secret = await ownSecret(agreement, publicKey)
      const backupKey = await unwrapUnder(secret, wrap, { for: 'ec', id: publicKey, backupId })
      secret.fill(0)
      return backupKey
    },
    isSame: (factor) => factor.kind === 'EC_KEYPAIR' && factor.publicKey === publicKey,
  }
}

/**
 * ECDH of the private key with its own public key: 32 bytes that nobody else can compute. The usual ephemeral key would
 * let anybody wrap for this factor, the server too: it could hand out a backup key of its own choice, and the next sync
 * would be encrypted under that.
 */
async function ownSecret(agreement: CryptoKey, publicKey: string): Promise<Uint8Array<ArrayBuffer>> {
  const own = await webCrypto().importKey('raw', fromBase64(publicKey) ?? new Uint8Array(), ecdh, false, [])
  return new Uint8Array(await webCrypto().deriveBits({ name: 'ECDH', public: own }, agreement, 256))
}
