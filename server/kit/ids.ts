import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Where ids and secrets come from; tests own it (style §7). */
export type Ids = {
  /** UUIDv7 (RFC 9562 §5.7): sorts by time of making. */
  uuid(): string
  /** UUIDv4: says nothing about when it was made. */
  randomUuid(): string
  /** Cryptographically random bytes. */
  random(bytes: number): Buffer
}

export function systemIds(clock: Clock): Ids {
  const pool = randomPool()
  return { uuid: () => uuidV7(clock.now(), pool(10)), randomUuid: randomUUID, random: randomBytes }
}

const poolBytes = 4096

/** Random bytes for ids, drawn from the system some hundreds of ids at a time. Not for secrets: those ask each time. */
function randomPool(): (length: number) => Buffer {
  let pool = Buffer.alloc(0)
  return (length) => {
    if (pool.length < length) pool = randomBytes(poolBytes)
    const taken = pool.subarray(0, length)
    pool = pool.subarray(length)
    return taken
  }
}

function uuidV7(milliseconds: number, random: Buffer): string {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  random.copy(bytes, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isUuid(text: string): boolean {
  return uuidShape.test(text)
}
