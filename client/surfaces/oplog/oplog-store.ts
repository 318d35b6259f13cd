import type { Slot } from './operation-payload.ts'

/**
 * Up to where the server has the operations of a client id, and the id of the last of them: a note that does not fit
 * the operations beside it (a folder copied while it was in use) is worth nothing.
 */
export type Acknowledged = { index: number; id: string }

/** A client id this device has written under. */
export type OwnClient = {
  clientId: string
  /** What was true of the client id before this one when that was left. */
  previous: Acknowledged | null
}

/** An operation of this device. `copy`: its content, quick to open (local-copy.ts). */
export type OwnOperation = { payload: string; copy?: string }

/** An operation that came from the server; `payload` null for one that does not authenticate and is passed over. */
export type ReceivedOperation = Slot & { payload: string | null; copy?: string }

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
  /** Operations written under an own client id from index `from` on, ascending, without gaps. */
  readOwn(clientId: string, from: number): Promise<OwnOperation[]>
  /** Take an index for an operation. @returns false when it is taken: an index is never used twice */
  claim(clientId: string, index: number, operation: OwnOperation): Promise<boolean>
  /** What was kept after `position` (null: everything); may repeat itself. */
  readReceived(position: number | null): Promise<{ operations: ReceivedOperation[]; position: number }>
  keep(operations: ReceivedOperation[]): Promise<void>
  /** By own client id; may be older than what is true, then operations are sent once more. */
  readAcknowledged(): Promise<Record<string, Acknowledged>>
  acknowledge(acknowledged: Record<string, Acknowledged>): Promise<void>
  /** Calls back when another process or tab has claimed something. @returns how to stop it */
  watch(onClaim: () => void): () => void
}
