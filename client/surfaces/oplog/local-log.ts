import { DamagedState } from './errors.ts'
import type { OplogKeys } from './keys.ts'
import { KnownIndices } from './known-indices.ts'
import { openOperation, type Slot, sealOperation } from './operation-payload.ts'
import type { OplogStore, OwnOperation, ReceivedOperation } from './oplog-store.ts'
import type { WireOperation } from './read-lines.ts'

/** An operation that is known to be from a device with the private key. */
export type Operation = Slot & {
  content: Uint8Array<ArrayBuffer>
  /** Written on this device. */
  own: boolean
}

export type Refused = Slot & { reason: 'not-authentic' | 'unknown-format' }

/** What became known for the first time. */
export type News = { operations: Operation[]; refused: Refused[] }

type Generation = { clientId: string; operations: OwnOperation[]; acknowledged: number }

/**
 * This device's part of the log: what it wrote, what it has been sent, and what of it the server is known to have.
 * Several processes or tabs may work on one store; `refresh` tells what the others did. Calls must not overlap.
 */
export class LocalLog {
  readonly #store: OplogStore
  readonly #keys: OplogKeys
  readonly #generations: Generation[] = []
  /** Slots whose operations the server has and this device need not be sent. */
  readonly #known = new Map<string, KnownIndices>()
  readonly #refused = new Set<string>()
  readonly #moved = new Set<string>()
  #position: number | null = null

  constructor(store: OplogStore, keys: OplogKeys) {
    this.#store = store
    this.#keys = keys
  }

  /** The client id this device writes under now. */
  get clientId(): string {
    return this.#current().clientId
  }

  /** Own operations the server is not known to have. */
  get pendingCount(): number {
    return this.#generations.flatMap((_, number) => this.#unsent(number)).length
  }

  get hasGap(): boolean {
    return [...this.#known.values()].some(({ hasGap }) => hasGap)
  }

  /** `sync_status`: the highest contiguous index of every client of which anything is known (oplog-sync D7). */
  status(): Record<string, number> {
    const entries = [...this.#known].map(([clientId, { contiguous }]) => [clientId, contiguous] as const)
    return Object.fromEntries(entries.filter(([, contiguous]) => contiguous >= 0))
  }

  /** Read what this or another process has added to the store. */
  async refresh(): Promise<News> {
    let clients = await this.#store.readClients()
    if (clients.length === 0) {
      await this.#store.addClient(0, { clientId: crypto.randomUUID(), previousAcknowledged: -1 })
      clients = await this.#store.readClients()
    }
    const acknowledged = await this.#store.readAcknowledged()
    const news: News = { operations: [], refused: [] }
    for (const [number, { clientId }] of clients.entries()) {
      this.#generations[number] ??= { clientId, operations: [], acknowledged: -1 }
      for (const operation of await this.#store.readOwn(number, this.#operationsOf(number).length)) {
        const slot = this.#adopt(number, operation)
        // Moved ones were news under their old slot.
        if (operation.movedFrom === undefined) news.operations.push(await this.#openOwn(slot, operation.payload))
      }
      this.#raise(number, Math.max(acknowledged[clientId] ?? -1, clients[number + 1]?.previousAcknowledged ?? -1))
    }
    const received = await this.#store.readReceived(this.#position)
    this.#position = received.position
    const fresh = received.operations.filter(({ payload, ...slot }) => this.#learn(slot, payload === null))
    for (const { payload, ...slot } of fresh) {
      const opened = payload === null ? null : await openOperation(this.#keys, slot, payload)
      if (opened && 'content' in opened) news.operations.push({ ...slot, content: opened.content, own: false })
    }
    return news
  }

  /**
   * Write an operation, durably, under an index that nothing else ever has.
   *
   * @throws OperationTooLarge
   */
  async append(content: Uint8Array<ArrayBuffer>): Promise<{ operation: Operation; others: News }> {
    const others: News = { operations: [], refused: [] }
    for (;;) {
      const slot = await this.#claim(content)
      if (slot) return { operation: { ...slot, content, own: true }, others }
      const { operations, refused } = await this.refresh()
      others.operations.push(...operations)
      others.refused.push(...refused)
    }
  }

  /** Keep what the server sent; what was known stays as it is, however often it is sent. */
  async receive(lines: WireOperation[]): Promise<News> {
    const unknown = new Map(lines.filter((line) => this.#isNews(line)).map((line) => [nameOf(line), line]))
    const opened = await Promise.all(
      [...unknown.values()].map(async (line) => ({
        line,
        result: await openOperation(this.#keys, line, line.payload),
      })),
    )
    const news: News = { operations: [], refused: [] }
    const kept: ReceivedOperation[] = []
    for (const { line, result } of opened) {
      const { clientId, index } = line
      if ('content' in result) {
        kept.push(line)
        news.operations.push({ clientId, index, content: result.content, own: false })
        continue
      }
      news.refused.push({ clientId, index, reason: result.refused })
      // Not noted for a format that a newer program can read: that one has to be sent it again.
      if (result.refused === 'not-authentic' && !this.#refused.has(nameOf(line)))
        kept.push({ clientId, index, payload: null })
    }
    if (kept.length > 0) await this.#store.keep(kept)
    for (const { clientId, index } of news.operations) this.#learn({ clientId, index }, false)
    // One that was refused before is no news.
    news.refused = news.refused.filter((slot) => this.#learn({ clientId: slot.clientId, index: slot.index }, true))
    return news
  }

  /** The next operation to send: they go in order, so that no other device is shown a gap. */
  nextPending(): WireOperation | null {
    const [index] = this.#unsent(this.#generations.length - 1)
    if (index === undefined) return null
    const { clientId, operations } = this.#current()
    return { clientId, index, payload: (operations[index] as OwnOperation).payload }
  }

  /** The server has it. Written down by `saveAcknowledged`; forgetting it costs one repetition. */
  acknowledge({ clientId, index }: Slot): void {
    const number = this.#generations.findIndex((generation) => generation.clientId === clientId)
    if (number >= 0) this.#raise(number, index)
  }

  async saveAcknowledged(): Promise<void> {
    const entries = this.#generations.map(({ clientId, acknowledged }) => [clientId, acknowledged] as const)
    await this.#store.acknowledge(Object.fromEntries(entries.filter(([, index]) => index >= 0)))
  }

  /**
   * The server has another operation in this slot of ours: this device was cloned, or restored from a backup
   * (oplog-sync D5). It goes on under a new client id, and the operation with it.
   */
  async leaveSlot({ clientId, index }: Slot): Promise<void> {
    const number = this.#generations.findIndex((generation) => generation.clientId === clientId)
    const generation = this.#generations[number]
    if (generation === undefined) return
    if (index <= generation.acknowledged) this.#knownOf(clientId).forgetFrom(index)
    if (number === this.#generations.length - 1) {
      const next = { clientId: crypto.randomUUID(), previousAcknowledged: generation.acknowledged }
      await this.#store.addClient(number + 1, next)
      await this.refresh()
    }
    await this.#move(number, index)
  }

  /** Give operations a place that were written under a client id this device had to leave. */
  async moveStranded(): Promise<void> {
    for (let number = 0; number < this.#generations.length - 1; number += 1) {
      for (const index of this.#unsent(number)) await this.#move(number, index)
    }
  }

  /** Everything known, each operation once: what was received, in order of arrival, then what was written here. */
  async *operations(): AsyncGenerator<Operation> {
    const seen = new Set<string>()
    for (const { payload, ...slot } of (await this.#store.readReceived(null)).operations) {
      if (payload === null || seen.has(nameOf(slot)) || payload === this.#ownPayload(slot)) continue
      seen.add(nameOf(slot))
      const opened = await openOperation(this.#keys, slot, payload)
      if ('content' in opened) yield { ...slot, content: opened.content, own: false }
    }
    for (const { clientId, operations } of this.#generations) {
      for (const [index, { payload }] of operations.entries()) {
        const slot = { clientId, index }
        if (!this.#moved.has(nameOf(slot))) yield await this.#openOwn(slot, payload)
      }
    }
  }

  /** Everything the server once had and this device still holds, per client in ascending order. */
  async held(): Promise<WireOperation[]> {
    const held = new Map<string, WireOperation>()
    for (const { payload, ...slot } of (await this.#store.readReceived(null)).operations) {
      if (payload !== null && !held.has(nameOf(slot))) held.set(nameOf(slot), { ...slot, payload })
    }
    for (const { clientId, operations, acknowledged } of this.#generations) {
      for (const [index, { payload }] of operations.slice(0, acknowledged + 1).entries()) {
        const slot = { clientId, index }
        if (!this.#moved.has(nameOf(slot))) held.set(nameOf(slot), { ...slot, payload })
      }
    }
    return [...held.values()].sort((a, b) => (a.clientId === b.clientId ? a.index - b.index : 0))
  }

  async #claim(content: Uint8Array<ArrayBuffer>): Promise<Slot | null> {
    const number = this.#generations.length - 1
    const slot = { clientId: this.clientId, index: this.#operationsOf(number).length }
    const operation = { payload: await sealOperation(this.#keys, slot, content) }
    if (!(await this.#store.claim(number, slot.index, operation))) return null
    this.#adopt(number, operation)
    return slot
  }

  /**
   * Append again what stands in a slot that is not ours any more. Exactly once, whoever else tries: indices are taken
   * one after the other, so a writer that loses one reads who moved what before it tries the next.
   */
  async #move(from: number, index: number): Promise<void> {
    const { clientId, operations } = this.#generations[from] as Generation
    const movedFrom = { clientId, index }
    const { content } = await this.#openOwn(movedFrom, (operations[index] as OwnOperation).payload)
    while (!this.#moved.has(nameOf(movedFrom))) {
      const number = this.#generations.length - 1
      const slot = { clientId: this.clientId, index: this.#operationsOf(number).length }
      const operation = { payload: await sealOperation(this.#keys, slot, content), movedFrom }
      if (await this.#store.claim(number, slot.index, operation)) this.#adopt(number, operation)
      else await this.refresh()
    }
  }

  /** @returns whether the slot was not known, or its genuine operation comes after a false one */
  #learn(slot: Slot, refused: boolean): boolean {
    const wasRefused = this.#refused.has(nameOf(slot))
    const isNew = this.#knownOf(slot.clientId).add(slot.index)
    if (refused && isNew) this.#refused.add(nameOf(slot))
    if (!refused) this.#refused.delete(nameOf(slot))
    return isNew || (wasRefused && !refused)
  }

  #isNews(line: WireOperation): boolean {
    if (line.payload === this.#ownPayload(line)) return false
    return !this.#knownOf(line.clientId).has(line.index) || this.#refused.has(nameOf(line))
  }

  #adopt(number: number, operation: OwnOperation): Slot {
    const { clientId, operations } = this.#generations[number] as Generation
    operations.push(operation)
    if (operation.movedFrom) this.#moved.add(nameOf(operation.movedFrom))
    return { clientId, index: operations.length - 1 }
  }

  #raise(number: number, index: number): void {
    const generation = this.#generations[number] as Generation
    while (generation.acknowledged < Math.min(index, generation.operations.length - 1)) {
      generation.acknowledged += 1
      this.#knownOf(generation.clientId).add(generation.acknowledged)
    }
  }

  /** Indices of a generation that are neither on the server nor moved, ascending. */
  #unsent(number: number): number[] {
    const { clientId, operations, acknowledged } = this.#generations[number] as Generation
    const indices = Array.from({ length: operations.length - acknowledged - 1 }, (_, at) => acknowledged + 1 + at)
    return indices.filter((index) => !this.#moved.has(nameOf({ clientId, index })))
  }

  async #openOwn(slot: Slot, payload: string): Promise<Operation> {
    const opened = await openOperation(this.#keys, slot, payload)
    if ('content' in opened) return { ...slot, content: opened.content, own: true }
    throw new DamagedState('An operation kept on this device does not open: it is damaged, or the key is another')
  }

  #ownPayload({ clientId, index }: Slot): string | undefined {
    return this.#generations.find((generation) => generation.clientId === clientId)?.operations[index]?.payload
  }

  #operationsOf(number: number): OwnOperation[] {
    return (this.#generations[number] as Generation).operations
  }

  #knownOf(clientId: string): KnownIndices {
    const known = this.#known.get(clientId) ?? new KnownIndices()
    this.#known.set(clientId, known)
    return known
  }

  #current(): Generation {
    const current = this.#generations.at(-1)
    if (current === undefined) throw new DamagedState('The log was not opened')
    return current
  }
}

function nameOf({ clientId, index }: Slot): string {
  return `${clientId}.${index}`
}
