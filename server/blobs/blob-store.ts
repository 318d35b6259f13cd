/** Where bytes lie. Objects are immutable: an id is written once and never overwritten (design §4). */

/** Bytes as they arrive or leave; never the whole object in memory. */
export type Chunks = AsyncIterable<Uint8Array>

/** First and last byte, both inclusive and inside the object. */
export type ByteRange = { start: number; end: number }

export type BlobReader = {
  /** Size of the whole object in bytes, whatever range was asked for. */
  size: number
  /** The bytes, once. Ends early (throws) if the store fails in the middle. */
  chunks: Chunks
  /** Release the file or socket without reading on; safe to call twice and after the end. */
  close(): Promise<void>
}

export type StoredObject = { id: string; size: number; modifiedAt: Date }

export interface BlobStore {
  readonly kind: 'disk' | 's3'
  /**
   * Write a new object; resolves only when it is durable, with the number of bytes written. On any failure
   * (the source throws, the signal aborts, the store dies) nothing remains under `id` and partial data is removed.
   *
   * @param id  a fresh id from `ctx.ids` (lower-case hex and dashes only)
   * @throws store.full, store.unavailable, or what the source threw, unchanged
   */
  put(id: string, source: Chunks, options?: { length?: number; signal?: AbortSignal }): Promise<number>
  /** @returns null when there is no such object. @throws store.unavailable */
  open(id: string, range?: ByteRange): Promise<BlobReader | null>
  /** @returns null when there is no such object. @throws store.unavailable */
  stat(id: string): Promise<{ size: number } | null>
  /** Idempotent. @throws store.unavailable */
  delete(id: string): Promise<void>
  /** Every object in the store, in no particular order; partial uploads are not objects. */
  list(): AsyncIterable<StoredObject>
  /**
   * Remove what interrupted uploads left (temporary files, open multipart uploads) older than `before`; returns how many.
   *
   * @param spare  ids of uploads under way: the clock may have jumped since they began
   */
  sweepPartials(before: Date, spare?: (id: string) => boolean): Promise<number>
  /** Really write, read back and delete a small probe object. @throws store.full, store.unavailable */
  probe(): Promise<void>
  /** Release sockets and handles. */
  close(): Promise<void>
}
