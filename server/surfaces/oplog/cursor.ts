import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Orm } from '#db/client.ts'
import type { Secrets } from '#server/config/secrets.ts'
import { readArrival } from './store.ts'

/** Before the first operation. */
const start = '0'
const seqBytes = 7
const blockBytes = 16

/**
 * The opaque `Sync-Cursor` (oplog-sync D7): number and hash of the last operation, in one AES block, so that nobody
 * reads from it how busy the house is, and that a log that was deleted or restored does not mistake it for its own.
 *
 * @param seq  of the last operation, 0 for none
 */
export function sealCursor(db: Orm, key: Buffer, seq: number): string {
  const arrival = seq === 0 ? undefined : readArrival(db, seq)
  if (!arrival) return start
  const block = Buffer.alloc(blockBytes)
  block.writeUIntBE(Math.floor(seq / 2 ** 8), 0, seqBytes - 1)
  block.writeUInt8(seq % 2 ** 8, seqBytes - 1)
  arrival.sha256.copy(block, seqBytes)
  const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
}

/**
 * @returns the number of the last operation its holder has; null when this log does not know the cursor, and what the
 *   holder has must be found out in another way
 */
export function openCursor(db: Orm, key: Buffer, userId: number, cursor: string): number | null {
  if (cursor === start) return 0
  const sealed = Buffer.from(cursor, 'base64url')
  if (sealed.length !== blockBytes) return null
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  const block = Buffer.concat([decipher.update(sealed), decipher.final()])
  const seq = block.readUIntBE(0, seqBytes - 1) * 2 ** 8 + block.readUInt8(seqBytes - 1)
  const arrival = Number.isSafeInteger(seq) ? readArrival(db, seq) : undefined
  const isOurs =
    arrival?.userId === userId && arrival.sha256.subarray(0, blockBytes - seqBytes).equals(block.subarray(seqBytes))
  return isOurs ? seq : null
}

const derived = new WeakMap<Secrets, Record<Purpose, Buffer>>()
type Purpose = 'cursor' | 'proof'

/** Keys of this surface, derived once so that none of them is of use elsewhere. */
export function oplogKey(secrets: Secrets, purpose: Purpose): Buffer {
  const derive = (name: Purpose) =>
    Buffer.from(hkdfSync('sha256', secrets.serverKey, '', `hearthkeep oplog ${name}`, 32))
  const keys = derived.get(secrets) ?? { cursor: derive('cursor'), proof: derive('proof') }
  derived.set(secrets, keys)
  return keys[purpose]
}
