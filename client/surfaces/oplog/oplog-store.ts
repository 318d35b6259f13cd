import type { Slot } from './operation-payload.ts'

/** A client id this device has written under. */
export type OwnClient = {
  clientId: string
  /** Up to which index the server had the operations of the client id before this one, when that was left; else −1. */
  previousAcknowledged: number
}

/** An operation of this device. */
export type OwnOperation = {
  payload: string
  /** Where it stood before this device had to take a new client id; the two are one operation. */
  movedFrom?: Slot
}

/** An operation that came from the server; `payload` null for one that does not authenticate and is passed over. */
export type ReceivedOperation = Slot & { payload: string | null }

/**
 * What a device keeps of a log, shared by all its processes or tabs. It only ever grows. Adapters: a folder
 * (client/node/oplog/folder-store.ts), IndexedDB (indexed-db-store.ts).
 *
 * Whatever resolves is durable. `addClient` and `claim` are the two decisions that only one of several writers may
 * win; everything else may be repeated.
 */
export type OplogStore = {
  /** Oldest first; the device writes under the last. */
  readClients(): Promise<OwnClient[]>
  /** Go on under a new client id, as the `generation`-th (from 0). @returns false when another writer did so before */
  addClient(generation: number, client: OwnClient): Promise<boolean>
  /** Own operations of a generation from index `from` on, ascending, without gaps. */
  readOwn(generation: number, from: number): Promise<OwnOperation[]>
  /** Take an index for an operation. @returns false when it is taken: an index is never used twice */
  claim(generation: number, index: number, operation: OwnOperation): Promise<boolean>
  /** What was kept after `position` (null: everything); may repeat itself. */
  readReceived(position: number | null): Promise<{ operations: ReceivedOperation[]; position: number }>
  keep(operations: ReceivedOperation[]): Promise<void>
  /**
   * Highest index of each own client that the server has, with all below it. May be older than what is true: then
   * operations are sent once more.
   */
  readAcknowledged(): Promise<Record<string, number>>
  acknowledge(acknowledged: Record<string, number>): Promise<void>
  /** Calls back when another process or tab has claimed something. @returns how to stop it */
  watch(onClaim: () => void): () => void
}
