import { isProblem } from '#server/kit/problem.ts'
import type { BlobReader, BlobStore, ByteRange, Chunks, StoredObject } from './blob-store.ts'
import type { OpenPlace, Place } from './place.ts'

/**
 * The store of the running server. It lies in one place; while objects move (`keeping/move-storage.ts`), in two: what is
 * new is written to the first alone, what is read is looked for in the first and then in the second, and what is deleted
 * goes from both. Which place comes first can change under the callers' hands.
 */
export class SwitchingStore implements BlobStore {
  #first: OpenPlace
  #second: OpenPlace | null
  /** Readers may still be under way there. */
  readonly #left: OpenPlace[] = []

  constructor(first: OpenPlace, second: OpenPlace | null = null) {
    this.#first = first
    this.#second = second
  }

  /** `s3` as soon as one of the places is somebody else's machine: bytes from there are held to more than a CRC. */
  get kind(): BlobStore['kind'] {
    return this.#places().some(({ store }) => store.kind === 's3') ? 's3' : 'disk'
  }

  /** Where new objects are written. */
  get place(): Place {
    return this.#first.place
  }

  get first(): OpenPlace {
    return this.#first
  }

  get second(): OpenPlace | null {
    return this.#second
  }

  /** Look for objects in a second place too, and delete them there. */
  join(second: OpenPlace): void {
    this.#leave(this.#second)
    this.#second = second
  }

  /** What is written from here on goes to the second place. Uploads under way end where they began. */
  swap(): void {
    if (!this.#second) throw new Error('there is no second place')
    ;[this.#first, this.#second] = [this.#second, this.#first]
  }

  /** Look into the first place alone. */
  part(): void {
    this.#leave(this.#second)
    this.#second = null
  }

  /** The same place, under other credentials. */
  renew(first: OpenPlace): void {
    this.#leave(this.#first)
    this.#first = first
  }

  put(id: string, source: Chunks, options?: { length?: number; signal?: AbortSignal }): Promise<number> {
    return this.#first.store.put(id, source, options)
  }

  open(id: string, range?: ByteRange): Promise<BlobReader | null> {
    return this.#find((store) => store.open(id, range))
  }

  stat(id: string): Promise<{ size: number } | null> {
    return this.#find((store) => store.stat(id))
  }

  /** A second place that is away keeps its copy, for whoever clears it up in the end. */
  async delete(id: string): Promise<void> {
    const second = this.#second?.store
    await this.#first.store.delete(id)
    await second?.delete(id).catch(requireAway)
  }

  /** Of the first place. */
  list(): AsyncIterable<StoredObject> {
    return this.#first.store.list()
  }

  async sweepPartials(before: Date, spare?: (id: string) => boolean): Promise<number> {
    return this.#first.store.sweepPartials(before, spare)
  }

  probe(): Promise<void> {
    return this.#first.store.probe()
  }

  async close(): Promise<void> {
    for (const { store } of [...this.#places(), ...this.#left]) await store.close()
  }

  #places(): OpenPlace[] {
    return this.#second ? [this.#first, this.#second] : [this.#first]
  }

  #leave(place: OpenPlace | null): void {
    if (place) this.#left.push(place)
  }

  /** What one place has is good, even if the other is away; nobody says that it is nowhere before both have said so. */
  async #find<T>(look: (store: BlobStore) => Promise<T | null>): Promise<T | null> {
    let away: unknown
    for (const { store } of this.#places()) {
      try {
        const found = await look(store)
        if (found) return found
      } catch (error) {
        requireAway(error)
        away ??= error
      }
    }
    if (away) throw away
    return null
  }
}

/** @throws what is no store that cannot be reached */
function requireAway(error: unknown): void {
  if (!isProblem(error) || error.code !== 'store.unavailable') throw error
}
