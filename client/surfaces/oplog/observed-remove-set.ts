/** Every adding has a tag of its own; a removing names the tags it has seen. */
export type SetOperation = { kind: 'add'; item: string; tag: string } | { kind: 'remove'; item: string; tags: string[] }

/** What an operation changed for somebody who looks at the set. */
export type SetChange = { item: string; present: boolean }

/**
 * A set that several devices change without asking each other, and that is the same on all of them once they know the
 * same operations, in whatever order and however often each was applied. Where one device removes what another adds
 * again at the same time, it stays: only the addings a device had seen can be removed by it.
 */
export class ObservedRemoveSet {
  readonly #tags = new Map<string, Set<string>>()
  readonly #removed = new Set<string>()

  has(item: string): boolean {
    return (this.#tags.get(item)?.size ?? 0) > 0
  }

  /** In the order of their code units: the same everywhere. */
  items(): string[] {
    return [...this.#tags.keys()].filter((item) => this.has(item)).sort()
  }

  /** The operation that adds an item, to be applied and sent. */
  adding(item: string): SetOperation {
    return { kind: 'add', item, tag: crypto.randomUUID() }
  }

  /** The operation that removes an item; null when there is none to remove. */
  removing(item: string): SetOperation | null {
    return this.has(item) ? { kind: 'remove', item, tags: [...(this.#tags.get(item) ?? [])] } : null
  }

  /** @returns what changed, null for nothing */
  apply(operation: SetOperation): SetChange | null {
    const { item } = operation
    const before = this.has(item)
    const tags = this.#tags.get(item) ?? new Set()
    this.#tags.set(item, tags)
    if (operation.kind === 'add') {
      // The removing may have been quicker than the adding it removes.
      if (!this.#removed.has(operation.tag)) tags.add(operation.tag)
    } else {
      for (const tag of operation.tags) {
        this.#removed.add(tag)
        tags.delete(tag)
      }
    }
    return this.has(item) === before ? null : { item, present: !before }
  }
}

export function encodeSetOperation(operation: SetOperation): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(operation))
}

/** @returns null for what is no operation on a set, such as one of a newer program */
export function decodeSetOperation(content: Uint8Array): SetOperation | null {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { kind, item, tag, tags } = value as Record<string, unknown>
  if (typeof item !== 'string') return null
  if (kind === 'add' && typeof tag === 'string') return { kind, item, tag }
  const areTags = Array.isArray(tags) && tags.every((one): one is string => typeof one === 'string')
  return kind === 'remove' && areTags ? { kind, item, tags } : null
}
