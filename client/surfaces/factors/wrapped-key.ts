import { webCrypto } from '#client/crypto/web-crypto.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { FactorError } from './errors.ts'

/**
 * One way to get the backup key back. A server keeps one text of a kind a backup, so the text holds a wrap for every
 * factor of that kind: two passkeys, each with its own PRF output.
 */
export type Wrap =
  /**
   * `id`: the passkey's credential id in base64url, the key pair's public key as the server knows it, or the key file's
   * fingerprint. `salt`: 32 bytes, `key`: 48 bytes. `label`: what kind of factor it is, for people; not authenticated.
   */
  | { for: 'prf' | 'ec' | 'key-file'; id: string; salt: string; key: string; label?: string }
  /** `sealed`: a sealed backup (cloud-backup format 1) of 64 bytes. */
  | { for: 'passphrase'; id: string; sealed: string }

export type WrapOf<For extends Wrap['for']> = Extract<Wrap, { for: For }>

const format = 'hearthkeep-wrapped-key'
const label = 'hearthkeep factor-backup 1 wrap'

/** The `encryptedKey` of the contract: JSON in one line. Wraps of newer programs are kept. */
export function writeWraps(wraps: Wrap[]): string {
  return JSON.stringify({ format, version: 1, wraps })
}

/** @returns null for a text that some other app wrote */
export function readWraps(text: string): Wrap[] | null {
  try {
    const value = JSON.parse(text)
    if (value?.format !== format || value.version !== 1 || !Array.isArray(value.wraps)) return null
    return value.wraps.every(isWrap) ? value.wraps : null
  } catch {
    return null
  }
}

/**
 * The text with one more wrap; one for the same factor is replaced.
 *
 * @throws FactorError `foreign-key` rather than lose what another app wrapped
 */
export function addWrap(text: string | undefined, wrap: Wrap): string {
  const others = text === undefined ? [] : readWraps(text)
  if (others === null) throw new FactorError('foreign-key')
  return writeWraps([...others.filter((other) => other.for !== wrap.for || other.id !== wrap.id), wrap])
}

export function findWrap<For extends Wrap['for']>(text: string, kind: For, id: string): WrapOf<For> | null {
  const found = readWraps(text)?.find((wrap) => wrap.for === kind && wrap.id === id)
  return (found as WrapOf<For> | undefined) ?? null
}

export type WrapContext = { for: Wrap['for']; id: string; backupId: string }

/**
 * Encrypt the backup key under a key that is derived for this one wrap: HKDF-SHA-256(secret, salt, info), then
 * AES-256-GCM with a nonce of zeros. `info` is also the additional data, so that a wrap opens for its own factor of its
 * own backup and nowhere else.
 *
 * @param secret  32 bytes with full entropy: a PRF output, an ECDH result, a key file
 * @returns 48 bytes in base64
 */
export async function wrapUnder(
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  context: WrapContext,
  backupKey: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const info = infoOf(context)
  const key = await deriveWrappingKey(secret, salt, info, 'encrypt')
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: info }
  return toBase64(new Uint8Array(await webCrypto().encrypt(algorithm, key, backupKey)))
}

/** @returns the backup key, or null when this secret, factor or backup is not the one it was wrapped for */
export async function unwrapUnder(
  secret: Uint8Array<ArrayBuffer>,
  { salt, key }: { salt: string; key: string },
  context: WrapContext,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [saltBytes, wrapped] = [fromBase64(salt), fromBase64(key)]
  if (saltBytes === null || wrapped === null) return null
  const info = infoOf(context)
  const unwrapping = await deriveWrappingKey(secret, saltBytes, info, 'decrypt')
  const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: info }
  const opened = await webCrypto()
    .decrypt(algorithm, unwrapping, wrapped)
    .catch(() => null)
  return opened?.byteLength === 32 ? new Uint8Array(opened) : null
}

export function randomSalt(): Uint8Array<ArrayBuffer> {
  return globalThis.crypto.getRandomValues(new Uint8Array(32))
}

async function deriveWrappingKey(
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const hkdf = await webCrypto().importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return webCrypto().deriveKey(derivation, hkdf, { name: 'AES-GCM', length: 256 }, false, [use])
}

/** Label, kind, id and backup id, each ended by a zero byte. No id has a zero byte in it. */
function infoOf(context: WrapContext): Uint8Array<ArrayBuffer> {
  const text = [label, context.for, context.id, context.backupId].map((part) => `${part}\0`).join('')
  return new TextEncoder().encode(text)
}

/** Wraps of kinds we do not know pass, whatever they hold: a newer program wrote them. */
function isWrap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { for: kind, id, ...fields } = value as Record<string, unknown>
  if (typeof kind !== 'string' || typeof id !== 'string') return false
  return (fieldsOf[kind] ?? []).every((name) => typeof fields[name] === 'string')
}

const fieldsOf: { [kind: string]: string[] } = {
  prf: ['salt', 'key'],
  ec: ['salt', 'key'],
  'key-file': ['salt', 'key'],
  passphrase: ['sealed'],
}
