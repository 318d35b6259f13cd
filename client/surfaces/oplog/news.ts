import type { Slot } from './operation-payload.ts'
import type { WireOperation } from './read-lines.ts'

/** An operation that is known to be from a device with the private key. */
export type Operation = Slot & {
  content: Uint8Array<ArrayBuffer>
  /** Written on this device. */
  own: boolean
}

export type Refused = Slot & { reason: 'not-authentic' | 'unknown-format' }

/** An operation as this device keeps it, known to be authentic. */
export type Kept = WireOperation & { own: boolean; copy?: string }

/** What became known for the first time. */
export type News = { operations: Operation[]; refused: Refused[] }

export function merged(one: News, other: News): News {
  return { operations: [...one.operations, ...other.operations], refused: [...one.refused, ...other.refused] }
}
