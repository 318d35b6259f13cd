import { DamagedState } from './errors.ts'
import type { OplogKeys } from './keys.ts'
import { KnownSlots } from './known-indices.ts'
import { openLocalCopy, sealLocalCopy } from './local-copy.ts'
import { type Kept, merged, type News, type Operation } from './news.ts'
import { idIn, type OpenedPayload, openOperation, type Slot, sealOperation } from './operation-payload.ts'
import type { Acknowledged, OplogStore, OwnOperation, ReceivedOperation } from './oplog-store.ts'
import { nameOf, OwnOperations } from './own-operations.ts'
import type { WireOperation } from './read-lines.ts'

/** Off this thread, side by side. */
const openedAtOnce = 64

/**
 * This device's part of the log: what it wrote, what it has been sent, and what of it the server is known to have.
 * Several processes or tabs may work on one store; `refresh` tells what the others did. Calls must not overlap.
 */
export class LocalLog {
  readonly #store: OplogStore
  readonly #keys: OplogKeys
  readonly #generations: OwnOperations[] = []
  /** Slots that are taken on the server and need not be sent again, whatever is in them. */
  readonly #known = new KnownSlots()
  /** Of operations that were received; an operation may stand in two slots, but it is one. */
  readonly #receivedIds = new Set<string>()
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
    return this.#known.hasGap
  }

  /** `sync_status`, with the highest contiguous index of every client (oplog-sync D7). */
  status(): Record<string, number> {
    return this.#known.status()
  }

  /** Take over what is kept, quickly: nothing is decrypted but one operation, to see that the key is right. */
  async load(): Promise<void> {
    const [first] = await this.#takeOver()
    if (first) await this.#open(first)
  }

  /** What other processes have added to the store since. */
  async refresh(): Promise<News> {
    const operations = (await this.#takeOver()).map((slot) => this.#open(slot))
    return { operations: await Promise.all(operations), refused: [] }
  }

  /** @returns what was not known, each operation once */
  async #takeOver(): Promise<Kept[]> {
    let clients = await this.#store.readClients()
    if (clients.length === 0) {
      await this.#store.addClient(0, { clientId: crypto.randomUUID(), previous: null })
      clients = await this.#store.readClients()
    }
    const acknowledged = await this.#store.readAcknowledged()
    const news: Kept[] = []
    for (const [number, { clientId }] of clients.entries()) {
      this.#generations[number] ??= new OwnOperations(clientId)
      const { payloads } = this.#generations[number]
      for (const operation of await this.#store.readOwn(clientId, payloads.length)) {
        const index = payloads.length
        if (this.#adopt(number, operation)) news.push({ clientId, index, ...operation, own: true })
      }
      this.#believe(number, acknowledged[clientId])
      this.#believe(number, clients[number + 1]?.previous)
    }
    const received = await this.#store.readReceived(this.#position)
    this.#position = received.position
    for (const { payload, ...rest } of received.operations) {
      this.#known.of(rest.clientId).add(rest.index)
      if (payload !== null && this.#learn(payload)) news.push({ ...rest, payload, own: false })
    }
    return news
  }

  /**
   * Write an operation, durably, under an index that nothing else ever has.
   *
   * @returns it as the last of what became known
   * @throws OperationTooLarge
   */
  async append(content: Uint8Array<ArrayBuffer>): Promise<{ operation: Operation; others: News }> {
    let others: News = { operations: [], refused: [] }
    for (;;) {
      const slot = await this.#claim(content)
      if (slot) return { operation: { ...slot, content, own: true }, others }
      others = merged(others, await this.refresh())
    }
  }

  /** Keep what the server sent; what was known stays as it is, however often it is sent. */
  async receive(lines: WireOperation[]): Promise<News> {
    const unknown = lines.filter((line) => this.#isNews(line))
    const opened = await Promise.all(
      unknown.map(async (line) => ({ line, result: await openOperation(this.#keys, line, line.payload) })),
    )
    const news: News = { operations: [], refused: [] }
    // Known only when it is durable: what is known is never sent again.
    const kept = (await Promise.all(opened.map(({ line, result }) => this.#worthKeeping(line, result)))).flat()
    if (kept.length > 0) await this.#store.keep(kept)
    for (const { line, result } of opened) {
      const { clientId, index, payload } = line
      const isNewSlot = this.#known.of(clientId).add(index)
      if ('refused' in result) {
        if (isNewSlot) news.refused.push({ clientId, index, reason: result.refused })
      } else if (this.#learn(payload)) {
        news.operations.push({ clientId, index, content: result.content, own: false })
      }
    }
    return news
  }

  /** A false operation is noted once; one that a newer program can read is not, so that it is sent to that again. */
  async #worthKeeping(line: WireOperation, result: OpenedPayload): Promise<ReceivedOperation[]> {
    const { clientId, index, payload } = line
    if ('content' in result) {
      return [{ clientId, index, payload, copy: await sealLocalCopy(this.#keys, line, payload, result.content) }]
    }
    const isNewSlot = !this.#known.of(clientId).has(index)
    return isNewSlot && result.refused === 'not-authentic' ? [{ clientId, index, payload: null }] : []
  }

  /** The next operation to send: they go in order, so that no other device is shown a gap. */
  nextPending(): WireOperation | null {
    const { clientId, payloads, acknowledged } = this.#current()
    const payload = payloads[acknowledged + 1]
    return payload === undefined ? null : { clientId, index: acknowledged + 1, payload }
  }

  /** The server has it. Written down by `saveAcknowledged`; forgetting it costs one repetition. */
  acknowledge({ clientId, index }: Slot): void {
    const generation = this.#generations.find((one) => one.clientId === clientId)
    if (generation) this.#raise(generation, index)
  }

  async saveAcknowledged(): Promise<void> {
    const notes = this.#generations.map((generation) => [generation.clientId, generation.note()] as const)
    await this.#store.acknowledge(Object.fromEntries(notes.filter((note): note is [string, Acknowledged] => !!note[1])))
  }

  /**
   * The server has another operation in this slot: a device was cloned, or restored from a backup (oplog-sync D5). One
   * of ours goes on under a new client id, and the operation with it; another device's is for that device to move.
   */
  async leaveSlot({ clientId, index }: Slot): Promise<News> {
    const number = this.#generations.findIndex((generation) => generation.clientId === clientId)
    const generation = this.#generations[number]
    if (index <= (generation?.acknowledged ?? Infinity)) this.#known.of(clientId).forgetFrom(index)
    if (generation === undefined) return { operations: [], refused: [] }
    if (number === this.#generations.length - 1) {
      await this.#store.addClient(number + 1, { clientId: crypto.randomUUID(), previous: generation.note() })
    }
    const news = await this.refresh()
    return merged(news, await this.#move(number, index))
  }

  /** Give operations a place that were written under a client id this device had to leave. */
  async moveStranded(): Promise<News> {
    let news: News = { operations: [], refused: [] }
    for (let number = 0; number < this.#generations.length - 1; number += 1) {
      for (const index of this.#unsent(number)) news = merged(news, await this.#move(number, index))
    }
    return news
  }

  /** Everything known, each operation once: what was received, in order of arrival, then what was written here. */
  async *operations(): AsyncGenerator<Operation> {
    const kept = [...(await this.#received()), ...this.#written()]
    const once = [...new Map(kept.map((one) => [nameOf(one.payload), one])).values()]
    for (let at = 0; at < once.length; at += openedAtOnce) {
      yield* await Promise.all(once.slice(at, at + openedAtOnce).map((one) => this.#open(one)))
    }
  }

  /** Everything the server once had and this device still holds, per client in ascending order. */
  async held(): Promise<WireOperation[]> {
    const acknowledged = new Map(this.#generations.map((one) => [one.clientId, one.acknowledged]))
    const sent = this.#written().filter(({ clientId, index }) => index <= (acknowledged.get(clientId) ?? -1))
    const held = new Map([...(await this.#received()), ...sent].map((one) => [`${one.clientId}.${one.index}`, one]))
    return [...held.values()].sort(bySlot)
  }

  /** Take the next index. @returns null when another process has it */
  async #claim(content: Uint8Array<ArrayBuffer>, id?: Uint8Array<ArrayBuffer>): Promise<Slot | null> {
    const { clientId, payloads } = this.#current()
    const slot = { clientId, index: payloads.length }
    const payload = await sealOperation(this.#keys, slot, content, id)
    const operation = { payload, copy: await sealLocalCopy(this.#keys, slot, payload, content) }
    if (!(await this.#store.claim(clientId, slot.index, operation))) return null
    this.#adopt(this.#generations.length - 1, operation)
    return slot
  }

  /**
   * Append again what stands in a slot that is not ours any more. On this device it happens once, whoever else tries:
   * indices are taken one after the other, so a writer that loses one reads who moved what before it tries the next.
   */
  async #move(from: number, index: number): Promise<News> {
    let news: News = { operations: [], refused: [] }
    const { clientId, payloads } = this.#generations[from] as OwnOperations
    const payload = payloads[index] as string
    const { content } = await this.#open({ clientId, index, payload, own: true })
    while (!this.#isElsewhere(from, nameOf(payload))) {
      if (!(await this.#claim(content, idIn(payload) ?? undefined))) news = merged(news, await this.refresh())
    }
    return news
  }

  /** Whether an operation of this generation has another place too. */
  #isElsewhere(number: number, id: string): boolean {
    return this.#receivedIds.has(id) || this.#generations.slice(number + 1).some((generation) => generation.has(id))
  }

  #isNews({ clientId, index, payload }: WireOperation): boolean {
    if (!this.#isKnown(nameOf(payload))) return true
    return !this.#known.of(clientId).has(index) && !this.#generations.some((generation) => generation.wrote(payload))
  }

  #isKnown(id: string): boolean {
    return this.#isElsewhere(-1, id)
  }

  /** @returns whether the operation was not known */
  #learn(payload: string): boolean {
    const isNew = !this.#isKnown(nameOf(payload))
    this.#receivedIds.add(nameOf(payload))
    return isNew
  }

  /** @returns whether the operation was not known */
  #adopt(number: number, operation: OwnOperation): boolean {
    const isNew = !this.#isKnown(nameOf(operation.payload))
    this.#generations[number]?.add(operation)
    return isNew
  }

  #believe(number: number, note: Acknowledged | null | undefined): void {
    const generation = this.#generations[number]
    if (generation?.fits(note)) this.#raise(generation, note.index)
  }

  #raise(generation: OwnOperations, index: number): void {
    for (const acknowledged of generation.acknowledge(index)) this.#known.of(generation.clientId).add(acknowledged)
  }

  /** Indices of a generation that the server is not known to have, and that have no other place; ascending. */
  #unsent(number: number): number[] {
    const generation = this.#generations[number] as OwnOperations
    const indices = generation.unacknowledged()
    if (number === this.#generations.length - 1) return indices
    return indices.filter((index) => !this.#isElsewhere(number, nameOf(generation.payloads[index] as string)))
  }

  async #received(): Promise<Kept[]> {
    const { operations } = await this.#store.readReceived(null)
    return operations.flatMap(({ payload, ...rest }) => (payload === null ? [] : [{ ...rest, payload, own: false }]))
  }

  #written(): Kept[] {
    return this.#generations.flatMap(({ clientId, payloads, copies }) =>
      payloads.map((payload, index) => ({ clientId, index, payload, copy: copies[index], own: true })),
    )
  }

  async #open({ clientId, index, payload, copy, own }: Kept): Promise<Operation> {
    const slot = { clientId, index }
    const content = await openLocalCopy(this.#keys, slot, payload, copy)
    const opened = content ? { content } : await openOperation(this.#keys, slot, payload)
    if ('content' in opened) return { clientId, index, content: opened.content, own }
    throw new DamagedState('An operation kept on this device does not open: it is damaged, or the key is another')
  }

  #current(): OwnOperations {
    const current = this.#generations.at(-1)
    if (current === undefined) throw new DamagedState('The log was not opened')
    return current
  }
}

function bySlot(a: Slot, b: Slot): number {
  if (a.clientId !== b.clientId) return a.clientId < b.clientId ? -1 : 1
  return a.index - b.index
}
