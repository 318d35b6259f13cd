import { gcm } from '@noble/ciphers/aes.js'
import { scrypt } from 'hash-wasm'
import { WrongPasswordOrDamaged } from '#client/crypto/errors.ts'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { MalformedOtps } from './errors.ts'
import { fieldsOf, listIn, parseJson } from './otp-file.ts'

/** Aegis' own parameters; it takes about 0.1 s. */
const cost = { n: 1 << 15, r: 8, p: 1 }
/** No honest file asks for more; a forged one could make a device allocate gigabytes. */
const largestMemory = 256 * 1024 * 1024
const mostSlots = 8
const passwordSlot = 1
const tagLength = 16

type Random = (length: number) => Uint8Array<ArrayBuffer>
type Cost = typeof cost

/**
 * The database of an encrypted Aegis vault: a random master key, wrapped in slots by AES-256-GCM under
 * scrypt(password), encrypts the JSON. Works without WebCrypto.
 *
 * @param header  the file's `header`; `db` its `db`, base64
 * @throws MalformedOtps; WrongPasswordOrDamaged
 */
export async function openVault(header: Record<string, unknown>, db: string, password: string): Promise<unknown> {
  const slots = listIn(header.slots, 'header.slots')
    .map((slot) => fieldsOf(slot, 'a slot'))
    .filter(({ type }) => type === passwordSlot)
  if (slots.length > mostSlots) throw new MalformedOtps('the Aegis vault has absurdly many passwords')
  if (slots.length === 0) throw new MalformedOtps('the Aegis vault has no password; export it with one, or plain')
  const content = fromBase64(db)
  if (content === null) throw new MalformedOtps('db is not base64')
  for (const slot of slots) {
    const key = await deriveKey(password, hexIn(slot.salt, 'salt'), costOf(slot))
    const master = decrypt(key, hexIn(slot.key, 'key'), slot.key_params)
    const json = master && decrypt(master, content, header.params)
    if (json) return parseJson(new TextDecoder().decode(json))
  }
  throw new WrongPasswordOrDamaged()
}

/** The `header` and `db` of a vault that `openVault` and Aegis open. */
export async function sealVault(db: unknown, password: string, random: Random, { n, r, p }: Cost = cost) {
  const [master, salt] = [random(32), random(32)]
  const slotKey = encrypt(await deriveKey(password, salt, { n, r, p }), master, random)
  const content = encrypt(master, new TextEncoder().encode(JSON.stringify(db)), random)
  const slot = { type: passwordSlot, uuid: uuidOf(random), key: toHex(slotKey.bytes), key_params: slotKey.params }
  return {
    header: { slots: [{ ...slot, n, r, p, salt: toHex(salt), repaired: true }], params: content.params },
    db: toBase64(content.bytes),
  }
}

/** RFC 9562 version 4. */
export function uuidOf(random: Random): string {
  const bytes = random(16)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

async function deriveKey(password: string, salt: Uint8Array<ArrayBuffer>, { n, r, p }: Cost) {
  // Nothing was ever sealed without one, and the derivation refuses to start.
  if (password === '') throw new WrongPasswordOrDamaged()
  return scrypt({
    password: new TextEncoder().encode(password),
    salt,
    costFactor: n,
    blockSize: r,
    parallelism: p,
    hashLength: 32,
    outputType: 'binary',
  })
}

function costOf({ n, r, p }: Record<string, unknown>): Cost {
  const isCount = (value: unknown, most: number): value is number =>
    Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most
  const isPower = isCount(n, 1 << 20) && n > 1 && (n & (n - 1)) === 0
  if (!isPower || !isCount(r, 32) || !isCount(p, 4) || 128 * n * r > largestMemory) {
    throw new MalformedOtps('the Aegis vault asks for absurd scrypt parameters')
  }
  return { n, r, p }
}

function encrypt(key: Uint8Array, content: Uint8Array, random: Random) {
  const nonce = random(12)
  const sealed = gcm(key, nonce).encrypt(content)
  const bytes = sealed.slice(0, -tagLength)
  return { bytes, params: { nonce: toHex(nonce), tag: toHex(sealed.slice(-tagLength)) } }
}

/** @returns null when it does not open */
function decrypt(key: Uint8Array, content: Uint8Array, params: unknown): Uint8Array | null {
  const { nonce, tag } = fieldsOf(params, 'params')
  const sealed = new Uint8Array(content.length + tagLength)
  sealed.set(content)
  sealed.set(hexIn(tag, 'tag', tagLength), content.length)
  try {
    return gcm(key, hexIn(nonce, 'nonce', 12)).decrypt(sealed)
  } catch {
    return null
  }
}

function hexIn(value: unknown, what: string, length = 32): Uint8Array<ArrayBuffer> {
  if (typeof value !== 'string' || !/^[0-9a-f]*$/i.test(value) || value.length !== 2 * length) {
    throw new MalformedOtps(`${what} is not ${length} bytes of hex`)
  }
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(value.slice(2 * index, 2 * index + 2), 16))
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
