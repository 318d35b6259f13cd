import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '#server/kit/atomic-file.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'

/** Bytes of the seed that is printed: 160 bits, so no stretching is needed. */
const seedBytes = 20
const checkDigits = 4
const prefix = 'HKR1'
/** Crockford's base32: no I, L, O, U, which are misread. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What opens snapshots; only the kit holds it. */
export type RecoveryKey = {
  /** Names the key without saying anything of it: 16 hex digits. */
  id: string
  privateKey: KeyObject
  /** Raw X25519, 32 bytes. */
  publicKey: Buffer
  /** Key of the sum over a manifest, 32 bytes: who can only write to the target cannot make up a snapshot. */
  manifestKey: Buffer
}

/** What the server keeps: enough to make snapshots, not to open them. */
export type Recipient = { id: string; publicKey: Buffer; manifestKey: Buffer; createdAt: number }

/** There is none yet: the kit has not been printed. */
export class NoRecoveryKey extends Error {
  constructor() {
    super('There is no recovery key yet; print the kit with: hearthkeep snapshot kit')
    this.name = 'NoRecoveryKey'
  }
}

export class NotARecoveryKey extends Error {
  constructor(why: string) {
    super(`That is not a recovery key: ${why}`)
    this.name = 'NotARecoveryKey'
  }
}

const recipientFile = 'snapshot-recipient.json'
const raw = z.base64().transform((text) => Buffer.from(text, 'base64'))
const shape = z.object({ id: z.string(), publicKey: raw, manifestKey: raw, createdAt: z.number() })

/**
 * Make a new recovery key and keep its public half in the data folder. Snapshots from now on are for this key; older
 * ones stay for the key before.
 *
 * @returns the key as it is printed, once: `HKR1-XXXX-…`
 */
export async function makeRecoveryKey(ctx: { clock: Clock; ids: Ids }, dataFolder: string): Promise<string> {
  const { key, recipient } = newRecoveryKey(ctx)
  await saveRecipient(dataFolder, recipient)
  return key
}

/** A key that nothing goes by yet. */
export function newRecoveryKey(ctx: { clock: Clock; ids: Ids }): { key: string; recipient: Recipient } {
  const seed = ctx.ids.random(seedBytes)
  const { id, publicKey, manifestKey } = keyFromSeed(seed)
  return { key: printed(seed), recipient: { id, publicKey, manifestKey, createdAt: ctx.clock.now() } }
}

/** Make snapshots for this key from now on. */
export async function saveRecipient(dataFolder: string, recipient: Recipient): Promise<void> {
  const { id, publicKey, manifestKey, createdAt } = recipient
  const stored = {
    id,
    publicKey: publicKey.toString('base64'),
    manifestKey: manifestKey.toString('base64'),
    createdAt,
  }
  await writeFileAtomically(join(dataFolder, recipientFile), `${JSON.stringify(stored, null, 2)}\n`, 0o600)
}

/** @returns null before the kit is printed. @throws when the file is damaged */
export async function readRecipient(dataFolder: string): Promise<Recipient | null> {
  const path = join(dataFolder, recipientFile)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const read = shape.safeParse(asJson(text))
  if (!read.success) throw new Error(`${path} is damaged; print a new kit with: hearthkeep snapshot kit --replace`)
  return read.data
}

/**
 * Read a key as somebody typed it: case, dashes and spaces do not matter, nor O for 0 and I or L for 1.
 *
 * @throws NotARecoveryKey that says what is wrong, so that a typing error is not taken for a lost snapshot
 */
export function parseRecoveryKey(typed: string): RecoveryKey {
  const bare = typed.toUpperCase().replace(/[\s-]/g, '')
  if (!bare.startsWith(prefix)) throw new NotARecoveryKey(`it begins with ${prefix}`)
  const text = bare.slice(prefix.length).replace(/O/g, '0').replace(/[IL]/g, '1')
  const length = (seedBytes * 8) / 5 + checkDigits
  if (text.length !== length)
    throw new NotARecoveryKey(`it has ${length} digits after ${prefix}, this has ${text.length}`)
  if ([...text].some((digit) => !digits.includes(digit)))
    throw new NotARecoveryKey('it has a digit that keys never have')
  const seed = decode(text.slice(0, -checkDigits))
  if (text.slice(-checkDigits) !== checkOf(seed)) throw new NotARecoveryKey('a digit is wrong, its check does not fit')
  return keyFromSeed(seed)
}

function keyFromSeed(seed: Buffer): RecoveryKey {
  const privateKey = privateKeyOf(derive(seed, 'x25519'))
  const publicKey = rawPublicKey(createPublicKey(privateKey))
  const id = createHash('sha256').update('hearthkeep recovery key id').update(publicKey).digest('hex').slice(0, 16)
  return { id, privateKey, publicKey, manifestKey: derive(seed, 'manifest') }
}

function derive(seed: Buffer, what: string): Buffer {
  return Buffer.from(hkdfSync('sha256', seed, '', `hearthkeep recovery key v1 ${what}`, 32))
}

const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex')
const spkiHead = Buffer.from('302a300506032b656e032100', 'hex')

function privateKeyOf(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, bytes]), format: 'der', type: 'pkcs8' })
}

/** Of 32 raw bytes (RFC 7748, RFC 8410). */
export function publicKeyOf(bytes: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spkiHead, bytes]), format: 'der', type: 'spki' })
}

export function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(spkiHead.length)
}

/** In groups of four, to be read out and typed. */
function printed(seed: Buffer): string {
  const groups = `${encode(seed)}${checkOf(seed)}`.match(/.{4}/g) ?? []
  return [prefix, ...groups].join('-')
}

function checkOf(seed: Buffer): string {
  return encode(createHash('sha256').update(prefix).update(seed).digest().subarray(0, 5)).slice(0, checkDigits)
}

function encode(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => digits[Number.parseInt(five, 2)]).join('')
}

function decode(text: string): Buffer {
  const bits = Array.from(text, (digit) => digits.indexOf(digit).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
