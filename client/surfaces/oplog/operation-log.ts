import { isClientError } from '#client/errors/client-error.ts'
import { isNetworkError, isServerError } from '#client/transport/errors.ts'
import { waitBeforeRetry } from '#client/transport/retry-policy.ts'
import type { Transport } from '#client/transport/transport.ts'
import { healServer } from './heal-server.ts'
import type { OplogKeys } from './keys.ts'
import { LocalLog } from './local-log.ts'
import type { News, Operation, Refused } from './news.ts'
import type { OplogStore } from './oplog-store.ts'
import type { WireOperation } from './read-lines.ts'
import { SyncClient, type SyncRequest } from './sync-client.ts'

export type OperationLogOptions = {
  /** A server address, or a transport of one's own. */
  server: string | Transport
  keys: OplogKeys
  store: OplogStore
  /** Every operation that becomes known after opening, once: from other devices, other tabs, and `append`. */
  onOperation?: (operation: Operation) => void
  /** An operation that was passed over: a leaked public key or a bad server. */
  onRefused?: (refused: Refused) => void
}

export type SyncOptions = {
  /** Seconds to wait for news when there is nothing to send; 0 for not at all. */
  wait?: number
  /** Ends the waiting, and nothing else. */
  wake?: AbortSignal
  /** Gives up. What was received until then stays. */
  signal?: AbortSignal
}

export type Synced = { sent: number; received: number; refused: number }

/**
 * One device's view of an end-to-end encrypted operation log: written here first, sent when there is a server, and the
 * same on all devices in the end. README.md beside this file has the guarantees.
 */
export class OperationLog {
  readonly #local: LocalLog
  readonly #client: SyncClient
  readonly #options: OperationLogOptions
  /** The end of the work on `#local` that was asked for last. */
  #busy: Promise<unknown> = Promise.resolve()
  #cursor: string | null = null
  /** What was reported when the server was last healed: it is not tried again for the same lack. */
  #healedFor: string | null = null
  readonly #onAppend = new Set<() => void>()

  private constructor(options: OperationLogOptions) {
    this.#local = new LocalLog(options.store, options.keys)
    this.#client = new SyncClient(options.server, options.keys)
    this.#options = options
  }

  /** Reads what the device has; talks to nobody. @throws DamagedState */
  static async open(options: OperationLogOptions): Promise<OperationLog> {
    const log = new OperationLog(options)
    await log.#local.load()
    return log
  }

  /** Changes when this device finds that it was cloned. */
  get clientId(): string {
    return this.#local.clientId
  }

  /** Own operations not known to be on the server. */
  get pendingCount(): number {
    return this.#local.pendingCount
  }

  /** Everything known, each operation once, in an order of this device: what it means must not depend on the order. */
  operations(): AsyncGenerator<Operation> {
    return this.#local.operations()
  }

  /** Take over what other processes or tabs added, without the server. */
  refresh(): Promise<void> {
    return this.#alone(async () => this.#announce(await this.#local.refresh()))
  }

  /**
   * Write an operation. It is durable here when this resolves, and sent by the next `sync`.
   *
   * @throws OperationTooLarge; what the store throws
   */
  append(content: Uint8Array<ArrayBuffer>): Promise<Operation> {
    return this.#alone(async () => {
      const { operation, others } = await this.#local.append(content)
      this.#announce({ operations: [...others.operations, operation], refused: others.refused })
      for (const listener of this.#onAppend) listener()
      return operation
    })
  }

  /** Calls back when something was appended, in this process or tab or another. @returns how to stop it */
  onAppend(listener: () => void): () => void {
    this.#onAppend.add(listener)
    const stopWatching = this.#options.store.watch(listener)
    return () => {
      this.#onAppend.delete(listener)
      stopWatching()
    }
  }

  /**
   * Send what is pending, in order, and fetch what is new. May be called at any time and again after any error.
   *
   * @throws NetworkError, ServerError, ProtocolError; the signal's reason
   */
  async sync({ wait = 0, wake, signal }: SyncOptions = {}): Promise<Synced> {
    const counts: Synced = { sent: 0, received: 0, refused: 0 }
    await this.#alone(async () => {
      this.#announce(await this.#local.refresh(), counts)
      this.#announce(await this.#local.moveStranded(), counts)
    })
    // A refused upload (no space, too large) must not keep this device from receiving.
    const refusal = await this.#sendPending(counts, signal).catch((error) => {
      if (isServerError(error)) return error
      throw error
    })
    if (refusal) wait = 0
    if (wait > 0 || counts.sent === 0) await this.#fetch(counts, { wait, wake, signal })
    if (refusal) throw refusal
    return counts
  }

  async #sendPending(counts: Synced, signal?: AbortSignal): Promise<void> {
    for (let next = this.#local.nextPending(); next !== null; next = this.#local.nextPending()) {
      const { clientId, index, payload } = next
      try {
        await this.#exchange(() => ({ clientId, index, payload, status: this.#local.status(), signal }), counts)
        counts.sent += 1
      } catch (error) {
        if (!isServerError(error, 409)) throw error
        await this.#alone(async () => {
          this.#announce(await this.#local.leaveSlot({ clientId, index }), counts)
          this.#announce(await this.#local.moveStranded(), counts)
        })
      }
    }
    if (counts.sent > 0) await this.#alone(() => this.#local.saveAcknowledged())
  }

  async #fetch(counts: Synced, { wait = 0, wake, signal }: SyncOptions): Promise<void> {
    if (wake?.aborted) return
    const either = AbortSignal.any([wake, signal].filter((one) => one !== undefined))
    const request = () => ({
      clientId: this.clientId,
      status: this.#local.status(),
      // Waiting is for what is new; what a gap makes the server repeat would end it at once, again and again.
      cursor: this.#local.hasGap ? this.#cursor : null,
      wait: wait > 0 ? wait : undefined,
      signal: either,
    })
    await this.#exchange(request, counts).catch((error) => {
      if (signal?.aborted || !wake?.aborted) throw error
    })
  }

  /** One request, and its answer to the end; once more, by the transport's policy, when the answer is cut. */
  async #exchange(request: () => SyncRequest, counts: Synced): Promise<void> {
    let attempt = 0
    for (;;) {
      const before = counts.received
      const asked = request()
      try {
        await this.#exchangeOnce(asked, counts)
        return
      } catch (error) {
        // What was said before a break is no good after it: the server may have been restored to an older state.
        this.#cursor = null
        if (isClientError(error)) this.#healedFor = null
        if (counts.received > before) attempt = 0
        const delay = isNetworkError(error) ? waitBeforeRetry(error, attempt, true, Math.random()) : null
        if (delay === null) throw error
        await this.#client.transport.pause(delay, asked.signal)
        attempt += 1
      }
    }
  }

  async #exchangeOnce(request: SyncRequest, counts: Synced): Promise<void> {
    const { clientId, index } = request
    const { cursor, behind, lines } = await this.#client.sync(request)
    if (index !== undefined) this.#local.acknowledge({ clientId, index })
    for await (const batch of lines) await this.#receive(batch, counts)
    this.#cursor = behind ? null : cursor
    const reported = JSON.stringify(request.status)
    if (!behind || reported === this.#healedFor) return
    this.#healedFor = reported
    await healServer(this.#client, this.#local, {
      receive: (batch) => this.#receive(batch, counts),
      leaveSlot: (slot) => this.#alone(async () => this.#announce(await this.#local.leaveSlot(slot), counts)),
      signal: request.signal,
    })
  }

  #receive(batch: WireOperation[], counts: Synced): Promise<void> {
    return this.#alone(async () => this.#announce(await this.#local.receive(batch), counts))
  }

  #announce({ operations, refused }: News, counts?: Synced): void {
    if (counts) counts.received += operations.filter(({ own }) => !own).length
    if (counts) counts.refused += refused.length
    for (const operation of operations) this.#options.onOperation?.(operation)
    for (const slot of refused) this.#options.onRefused?.(slot)
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(work)
    this.#busy = result.catch(() => {})
    return result
  }
}
