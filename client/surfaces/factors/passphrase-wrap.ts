import { isWrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { open, type SealOptions, seal } from '#client/crypto/seal.ts'
import { webCrypto } from '#client/crypto/web-crypto.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import type { WrapOf } from './wrapped-key.ts'

export type PassphraseOptions = Pick<SealOptions, 'kdf' | 'derive'>

/**
 * The backup key under a passphrase: a sealed backup of format 1 (cloud-backup/README.md, without padding) that holds
 * SHA-256(backup id) and the key, 32 bytes each.
 *
 * @param passphrase  at least 13 code points; not the account's password, which the server or the provider sees
 * @throws WeakPassword
 */
export async function wrapWithPassphrase(
  passphrase: string,
  id: string,
  backupKey: Uint8Array<ArrayBuffer>,
  backupId: string,
  options: PassphraseOptions = {},
): Promise<WrapOf<'passphrase'>> {
  const content = Uint8Array.from([...(await hashOf(backupId)), ...backupKey])
  const sealed = await seal(content, passphrase, { ...options, padding: 'none' })
  content.fill(0)
  return { for: 'passphrase', id, sealed: toBase64(sealed) }
}

/** @returns null for a wrong passphrase or a wrap of another backup. @throws MalformedSealedBackup */
export async function unwrapWithPassphrase(
  passphrase: string,
  { sealed }: WrapOf<'passphrase'>,
  backupId: string,
  options: PassphraseOptions = {},
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = fromBase64(sealed)
  if (bytes === null) return null
  const content = await open(bytes, passphrase, options).catch((error) => {
    if (isWrongPasswordOrDamaged(error)) return null
    throw error
  })
  const binding = await hashOf(backupId)
  if (content?.byteLength !== 64 || !binding.every((byte, index) => byte === content[index])) return null
  return content.slice(32)
}

async function hashOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest('SHA-256', new TextEncoder().encode(text)))
}
