import { WrongPasswordOrDamaged } from './errors.ts'
import { headerLength, nonceLength, readHeader, saltLength, tagLength, writeHeader } from './header.ts'
import { type DeriveKey, deriveKey, isWithinKdfLimits, type KdfParameters } from './kdf.ts'
import { type Padding, pad, unpad } from './padding.ts'
import { checkNewPassword } from './password-policy.ts'
import { tuneKdf } from './tune-kdf.ts'
import { webCrypto } from './web-crypto.ts'

export type SealOptions = {
  /** Found by `tuneKdf` when left out. Lower ones are for tests. */
  kdf?: KdfParameters
  /** `buckets` unless said otherwise. */
  padding?: Padding
  /** Replaces the derivation on this thread, e.g. by one in a worker; must compute the same Argon2id. */
  derive?: DeriveKey
  /** For fixed test vectors only: reusing either with one password breaks AES-GCM. */
  random?: (length: number) => Uint8Array<ArrayBuffer>
}

export type OpenOptions = { derive?: DeriveKey }

/**
 * Encrypt under a password: header (44 bytes) ‖ AES-256-GCM ciphertext ‖ tag (16 bytes). The header holds everything
 * but the password and is bound as additional data, so no parameter can be exchanged unnoticed.
 *
 * @param password  at least 13 code points after NFKC
 * @throws WeakPassword, CryptoUnavailable; RangeError for parameters outside the format's limits
 */
export async function seal(plaintext: Uint8Array, password: string, options: SealOptions = {}) {
  checkNewPassword(password)
  const subtle = webCrypto()
  const derive = options.derive ?? deriveKey
  const random = options.random ?? randomBytes
  const kdf = options.kdf ?? (await tuneKdf({ derive }))
  if (!isWithinKdfLimits(kdf)) throw new RangeError('Key derivation parameters outside the limits of the format')
  const padding = options.padding ?? 'buckets'
  const salt = random(saltLength)
  const nonce = random(nonceLength)
  const header = writeHeader({ kdf, padding, salt, nonce })
  const content = padding === 'buckets' ? pad(plaintext, headerLength + tagLength) : new Uint8Array(plaintext)

  const key = await importKey(subtle, await derive(password, salt, kdf), 'encrypt')
  const ciphertext = await subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: header }, key, content)
  const sealed = new Uint8Array(headerLength + ciphertext.byteLength)
  sealed.set(header)
  sealed.set(new Uint8Array(ciphertext), headerLength)
  return sealed
}

/**
 * The plaintext of what `seal` made. The length of the password is not judged here: rules may change, backups stay.
 *
 * @throws MalformedSealedBackup before any work for what is not a sealed backup or asks for absurd work;
 *   WrongPasswordOrDamaged when it is one and does not open; CryptoUnavailable
 */
export async function open(sealed: Uint8Array, password: string, options: OpenOptions = {}) {
  const { kdf, padding, salt, nonce } = readHeader(sealed)
  const subtle = webCrypto()
  // Nothing was ever sealed without a password, and the derivation refuses to start without one.
  if (password === '') throw new WrongPasswordOrDamaged()
  const derive = options.derive ?? deriveKey
  const key = await importKey(subtle, await derive(password, salt, kdf), 'decrypt')
  const additionalData = new Uint8Array(sealed.slice(0, headerLength))
  const ciphertext = new Uint8Array(sealed.slice(headerLength))
  const content = await subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData }, key, ciphertext).catch(() => {
    throw new WrongPasswordOrDamaged()
  })
  return padding === 'buckets' ? unpad(new Uint8Array(content)) : new Uint8Array(content)
}

async function importKey(subtle: SubtleCrypto, raw: Uint8Array<ArrayBuffer>, use: 'encrypt' | 'decrypt') {
  try {
    return await subtle.importKey('raw', raw, 'AES-GCM', false, [use])
  } finally {
    raw.fill(0)
  }
}

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(length))
}
