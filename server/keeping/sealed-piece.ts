/**
 * How one piece of a snapshot is sealed (README, "The sealed piece"): to a public key, in chunks, so that neither end
 * holds it whole and a cut, swapped or repeated chunk is noticed. ECIES with X25519, HKDF-SHA256 and AES-256-GCM in the
 * STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as age does it.
 */
import { createCipheriv, createDecipheriv, createHash, diffieHellman, generateKeyPairSync, hkdfSync } from 'node:crypto'
import type { Chunks } from '#server/blobs/blob-store.ts'
import { partsOf } from '#server/blobs/s3-parts.ts'
import { publicKeyOf, type RecoveryKey, rawPublicKey } from './recovery-key.ts'

const magic = Buffer.from('HKSNAP1\n')
const headBytes = magic.length + 32
const chunkBytes = 64 * 1024
const tagBytes = 16

/** A piece is not what was written: cut short, altered, exchanged for another, or sealed for another key. */
export class PieceDamaged extends Error {
  readonly piece: string

  constructor(piece: string, why: string) {
    super(`The piece ${piece} of the snapshot is damaged: ${why}`)
    this.name = 'PieceDamaged'
    this.piece = piece
  }
}

/** Bytes that a piece of that many plain bytes takes. */
export function sealedSize(size: number): number {
  return headBytes + size + tagBytes * Math.max(1, Math.ceil(size / chunkBytes))
}

/**
 * @param name  under which the piece is stored; it opens under no other
 * @param publicKey  of the recovery key, raw
 */
export async function* sealPiece(name: string, publicKey: Buffer, plain: Chunks): Chunks {
  const own = generateKeyPairSync('x25519')
  const sender = rawPublicKey(own.publicKey)
  const shared = diffieHellman({ privateKey: own.privateKey, publicKey: publicKeyOf(publicKey) })
  const key = pieceKey(shared, sender, publicKey, name)
  yield Buffer.concat([magic, sender])
  let count = 0
  for await (const { bytes, last } of partsOf(plain, chunkBytes)) {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count, last))
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    count += 1
  }
}

/** @throws PieceDamaged; chunks before the damage have been given out by then */
export async function* openPiece(name: string, key: RecoveryKey, sealed: Chunks): AsyncGenerator<Buffer, void, void> {
  let secret: Buffer | null = null
  let count = 0
  for await (const { bytes, last } of partsOf(afterHead(sealed, readHead), chunkBytes + tagBytes)) {
    if (!secret) throw new PieceDamaged(name, 'it is cut short')
    if (bytes.length < tagBytes) throw new PieceDamaged(name, 'it is cut short')
    const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(count, last), { authTagLength: tagBytes })
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    yield opened(() => Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()]), name, count)
    count += 1
  }

  function readHead(head: Buffer): void {
    if (!head.subarray(0, magic.length).equals(magic)) throw new PieceDamaged(name, 'it does not begin as pieces do')
    const sender = head.subarray(magic.length)
    const shared = opened(
      () => diffieHellman({ privateKey: key.privateKey, publicKey: publicKeyOf(sender) }),
      name,
      count,
    )
    secret = pieceKey(shared, sender, key.publicKey, name)
  }
}

function opened(work: () => Buffer, name: string, chunk: number): Buffer {
  try {
    return work()
  } catch {
    throw new PieceDamaged(name, `its chunk ${chunk} is not what was sealed`)
  }
}

/** The bytes that follow the head, once that is complete and read. */
async function* afterHead(sealed: Chunks, read: (head: Buffer) => void): Chunks {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of sealed) {
    if (!head) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < headBytes) continue
    read(head.subarray(0, headBytes))
    const rest: Buffer = head.subarray(headBytes)
    head = null
    if (rest.length > 0) yield rest
  }
}

function pieceKey(shared: Buffer, sender: Buffer, recipient: Buffer, name: string): Buffer {
  const salt = createHash('sha256').update(sender).update(recipient).digest()
  return Buffer.from(hkdfSync('sha256', shared, salt, `hearthkeep snapshot piece v1 ${name}`, 32))
}

/** Eleven bytes of counter and one that marks the last chunk. */
function nonceOf(count: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(Math.floor(count / 2 ** 32), 3)
  nonce.writeUInt32BE(count % 2 ** 32, 7)
  nonce[11] = last ? 1 : 0
  return nonce
}
