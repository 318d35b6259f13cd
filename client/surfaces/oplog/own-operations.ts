import { toBase64 } from '#client/encoding/base64.ts'
import { idIn } from './operation-payload.ts'
import type { Acknowledged, OwnOperation } from './oplog-store.ts'

/** What this device wrote under one of its client ids, and how much of it the server has. */
export class OwnOperations {
  readonly clientId: string
  /** By index. */
  readonly payloads: string[] = []
  readonly copies: (string | undefined)[] = []
  readonly #indices = new Map<string, number>()
  #acknowledged = -1

  constructor(clientId: string) {
    this.clientId = clientId
  }

  /** Highest index the server has, with all below it; −1 for none. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  add({ payload, copy }: OwnOperation): void {
    this.copies.push(copy)
    this.#indices.set(nameOf(payload), this.payloads.length)
    this.payloads.push(payload)
  }

  has(id: string): boolean {
    return this.#indices.has(id)
  }

  /** Whether exactly this was written here. */
  wrote(payload: string): boolean {
    return this.payloads[this.#indices.get(nameOf(payload)) ?? -1] === payload
  }

  /** @returns the indices that were not acknowledged before */
  acknowledge(index: number): number[] {
    const before = this.#acknowledged
    this.#acknowledged = Math.max(before, index)
    return range(before + 1, this.#acknowledged + 1)
  }

  unacknowledged(): number[] {
    return range(this.#acknowledged + 1, this.payloads.length)
  }

  /** For the store: what is acknowledged, and of which operations that was said. */
  note(): Acknowledged | null {
    const last = this.payloads[this.#acknowledged]
    return last === undefined ? null : { index: this.#acknowledged, id: nameOf(last) }
  }

  /** Whether a note speaks of these operations. */
  fits(note: Acknowledged | null | undefined): note is Acknowledged {
    return !!note && this.#indices.get(note.id) === note.index
  }
}

/** The id of an operation as text; empty for what cannot be one. */
export function nameOf(payload: string): string {
  const id = idIn(payload)
  return id === null ? '' : toBase64(id)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at)
}
