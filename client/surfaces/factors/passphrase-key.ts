import { p256 } from '@noble/curves/nist.js'
import { type DeriveKey, deriveKey, type KdfParameters } from '#client/crypto/kdf.ts'
import { checkNewPassword } from '#client/crypto/password-policy.ts'
import { webCrypto } from '#client/crypto/web-crypto.ts'
import { type EcFactorKey, importEcFactorKey } from './ec-factor.ts'

const label = 'hearthkeep factor-backup 1 passphrase'

/** Part of the format: the same on every device, or the passphrase opens nothing. */
const kdf: KdfParameters = { memoryKiB: 128 * 1024, iterations: 4, parallelism: 1 }

/** PKCS#8 of a P-256 key with its public key (RFC 5208, RFC 5915), around the two. */
const beforeSecret = [
  0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
  0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
]
const beforePoint = [0xa1, 0x44, 0x03, 0x42, 0x00]

/**
 * The key pair that a passphrase stands for, for `ecFactor`: a main factor that needs nothing but memory and the
 * backup's id. The server, which knows the public key, can try passphrases; that costs it an Argon2id each.
 *
 * @param options.isNew  judge its length as well
 * @throws WeakPassword
 */
export async function passphraseFactorKey(
  passphrase: string,
  backupId: string,
  { isNew = false, derive = deriveKey }: { isNew?: boolean; derive?: DeriveKey } = {},
): Promise<EcFactorKey> {
  if (isNew) checkNewPassword(passphrase)
  const secret = await secretOf(passphrase, backupId, derive)
  const point = p256.getPublicKey(secret, false)
  const pkcs8 = Uint8Array.from([...beforeSecret, ...secret, ...beforePoint, ...point])
  secret.fill(0)
  try {
    return await importEcFactorKey(pkcs8)
  } finally {
    pkcs8.fill(0)
  }
}

/** 48 bytes, so that reducing them to the order of the curve favours no key (FIPS 186-5 A.2.1). */
async function secretOf(passphrase: string, backupId: string, derive: DeriveKey): Promise<Uint8Array> {
  const text = new TextEncoder().encode(`${label}\0${backupId}`)
  const salt = new Uint8Array(await webCrypto().digest('SHA-256', text))
  const stretched = await derive(passphrase, salt, kdf)
  const key = await webCrypto().importKey('raw', stretched, 'HKDF', false, ['deriveBits'])
  stretched.fill(0)
  const expansion = { name: 'HKDF', hash: 'SHA-256', salt, info: new TextEncoder().encode(label) }
  const seed = new Uint8Array(await webCrypto().deriveBits(expansion, key, 48 * 8))
  return p256.utils.randomSecretKey(seed)
}
