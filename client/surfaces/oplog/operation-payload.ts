import { pad, unpad } from '#client/crypto/padding.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { OperationTooLarge } from './errors.ts'
import type { OplogKeys } from './keys.ts'

/** The place of an operation in the log: its author's client and the author's count (seeds/004). */
export type Slot = { clientId: string; index: number }

/**
 * What a payload turned out to be. `not-authentic`: damaged, made without the private key, or made for another slot.
 * `unknown-format`: from a newer program, so it may be authentic.
 */
export type OpenedPayload = { content: Uint8Array<ArrayBuffer> } | { refused: 'not-authentic' | 'unknown-format' }

const version = 1
const kinds = { direct: 0, hybrid: 1 } as const
/** The OAEP label too: a server that sends an operation as a challenge (prove-possession.ts) gets nothing back. */
const domain = new TextEncoder().encode('hearthkeep oplog 1 operation')
const rsa = { name: 'RSA-OAEP', label: domain }

/** What RSA-OAEP with SHA-256 carries under 2048 bits. */
const largestDirect = 190
const idLength = 16
const headLength = 2 + idLength
const macLength = 32
const nonceLength = 12
const tagLength = 16
/** 1 MiB of base64, the most a server takes unless it is set otherwise (oplog-sync D15). */
const largestPayload = 768 * 1024

/**
 * Encrypt an operation for its slot. Format: README.md beside this file.
 *
 * @param content  up to about 764 KiB
 * @param id  16 bytes that stay with the operation when it has to move to another slot; random for a new one
 * @returns base64, the `payload` on the wire
 * @throws OperationTooLarge
 */
export async function sealOperation(
  keys: OplogKeys,
  slot: Slot,
  content: Uint8Array<ArrayBuffer>,
  id: Uint8Array<ArrayBuffer> = crypto.getRandomValues(new Uint8Array(idLength)),
): Promise<string> {
  const direct = content.byteLength <= largestDirect
  const body = direct ? await encryptDirect(keys, content) : await encryptHybrid(keys, content)
  const sealed = join([Uint8Array.of(version, direct ? kinds.direct : kinds.hybrid), id, ...body])
  const mac = await crypto.subtle.sign('HMAC', keys.authenticate, bind(slot, sealed))
  return toBase64(join([sealed, new Uint8Array(mac)]))
}

/** The id in a payload, to be believed once that was opened; null where there cannot be one. */
export function idIn(payload: string): Uint8Array<ArrayBuffer> | null {
  return fromBase64(payload.slice(0, (headLength / 3) * 4))?.slice(2) ?? null
}

/** Nothing is decrypted before it is known that a device with the private key made it for exactly this slot. */
export async function openOperation(keys: OplogKeys, slot: Slot, payload: string): Promise<OpenedPayload> {
  const bytes = fromBase64(payload)
  if (bytes === null || bytes.byteLength <= headLength + macLength) return { refused: 'not-authentic' }
  if (bytes[0] !== version) return { refused: 'unknown-format' }
  const sealed = bytes.slice(0, -macLength)
  const isOurs = await crypto.subtle.verify('HMAC', keys.authenticate, bytes.slice(-macLength), bind(slot, sealed))
  if (!isOurs) return { refused: 'not-authentic' }
  const decrypt = { [kinds.direct]: decryptRsa, [kinds.hybrid]: decryptHybrid }[sealed[1] ?? -1]
  try {
    if (decrypt) return { content: await decrypt(keys, sealed.slice(headLength)) }
  } catch {
    // One of our devices made this, in a way this program does not understand.
  }
  return { refused: 'unknown-format' }
}

async function encryptDirect({ encrypt }: OplogKeys, content: Uint8Array<ArrayBuffer>) {
  return [new Uint8Array(await crypto.subtle.encrypt(rsa, encrypt, content))]
}

/** A key for this operation alone, so that its nonce can never repeat under one key. */
async function encryptHybrid({ encrypt }: OplogKeys, content: Uint8Array<ArrayBuffer>) {
  const { subtle } = crypto
  const overhead = headLength + modulusLength(encrypt) + nonceLength + tagLength + macLength
  const padded = pad(content, overhead)
  if (padded.byteLength + overhead > largestPayload) throw new OperationTooLarge(content.byteLength)
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const iv = crypto.getRandomValues(new Uint8Array(nonceLength))
  const key = await subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt'])
  const wrapped = new Uint8Array(await subtle.encrypt(rsa, encrypt, raw))
  return [wrapped, iv, new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv }, key, padded))]
}

async function decryptHybrid(keys: OplogKeys, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const wrappedLength = modulusLength(keys.decrypt)
  const raw = await decryptRsa(keys, body.slice(0, wrappedLength))
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt'])
  const iv = body.slice(wrappedLength, wrappedLength + nonceLength)
  const padded = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, body.slice(wrappedLength + nonceLength))
  return unpad(new Uint8Array(padded))
}

async function decryptRsa({ decrypt }: OplogKeys, ciphertext: Uint8Array<ArrayBuffer>) {
  return new Uint8Array(await crypto.subtle.decrypt(rsa, decrypt, ciphertext))
}

/** In bytes; also the length of every RSA ciphertext. */
function modulusLength(key: CryptoKey): number {
  return (key.algorithm as RsaHashedKeyAlgorithm).modulusLength / 8
}

/** What is authenticated: purpose ‖ client id (16 bytes) ‖ index (8 bytes, big-endian) ‖ everything before the MAC. */
function bind({ clientId, index }: Slot, sealed: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const place = new Uint8Array(24)
  for (const [at, byte] of (clientId.replaceAll('-', '').match(/../g) ?? []).entries()) {
    place[at] = Number.parseInt(byte, 16)
  }
  new DataView(place.buffer).setBigUint64(16, BigInt(index))
  return join([domain, place, sealed])
}

function join(pieces: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.byteLength
  }
  return whole
}
