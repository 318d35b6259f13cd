import type { Database, Orm } from '#db/client.ts'
import type { BlobStore, ByteRange, Chunks } from '#server/blobs/blob-store.ts'
import type { Settings } from '#server/config/settings.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { Meter } from './meter.ts'
import { quarantineObject, releaseObject } from './quarantine.ts'
import {
  type BlobRow,
  insertBlob,
  listHistory,
  readBlob,
  readLiveBytes,
  readQuota,
  reviveBlob,
  supersedeBlob,
} from './store.ts'
import { readWhole, verifyWhileReading } from './verified-read.ts'

/** Whose object it is: a slot, a persona, a factor backup. */
export type Owner = {
  kind: string
  id: string
  accountId: string
  /** The surface holds these bytes against a quota of its own, in the same transaction (the operation log). */
  countedElsewhere?: boolean
}

/** Proof that a person may store that many bytes more; only `approve` makes one. */
export type QuotaApproved = { readonly accountId: string; readonly [approved]: true }
declare const approved: unique symbol

/** Bytes in the store that no row knows yet. */
export type Staged = { readonly blobId: string; readonly size: number; readonly sha256: string; readonly crc32: number }

/** Inside a commit: make the staged object the current one of its owner, in place of the one it replaces. */
export type Keep = (row: { version: number; replaces: string | null; mediaType?: string }) => string

export type StoredBytes = {
  /** Bytes in `chunks`: the whole object, or the range. */
  length: number
  chunks: Chunks
  close(): Promise<void>
}

type Needs = { db: Database; blobs: BlobStore; clock: Clock; ids: Ids; log: Log; settings: Settings }

/** Objects up to this size are read and verified before the first byte is answered. */
const verifiedFirst = 4 * 1024 * 1024

/**
 * Kept objects: bytes go to the store first, then one transaction moves the owner's pointer with its version check
 * and turns what it replaces into history (design §4).
 */
export class Vault {
  readonly #needs: Needs
  /** Written but not committed yet; the orphan sweep must not take them, whatever the clock says. */
  readonly #inFlight = new Set<string>()

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /**
   * @param declaredLength  bytes the client announced, 0 if unknown (the commit counts again)
   * @param replaces  size of the live object that would be replaced
   * @throws quota.exceeded
   */
  approve(accountId: string, declaredLength: number, replaces = 0): QuotaApproved {
    this.#checkQuota(this.#needs.db.read, accountId, declaredLength - replaces)
    return { accountId } as QuotaApproved
  }

  /** For bytes that the surface counts itself, see `Owner.countedElsewhere`. */
  approveUncounted(accountId: string): QuotaApproved {
    return { accountId } as QuotaApproved
  }

  /**
   * Stream bytes into the store under a fresh id, counting and hashing as they pass.
   *
   * @param limits  inclusive, bytes
   * @param sha256  hex digest the client promised, if it did
   * @throws body.too_large as soon as the limit is passed, body.too_small, body.malformed on a wrong digest,
   *   store.full, store.unavailable; nothing stays in the store then
   */
  async stage(
    body: Chunks,
    _quota: QuotaApproved,
    options: { limits: { min: number; max: number }; length?: number; sha256?: string | null; signal?: AbortSignal },
  ): Promise<Staged> {
    const { blobs, ids } = this.#needs
    const blobId = ids.uuid()
    const meter = new Meter(body, options.limits.max)
    this.#inFlight.add(blobId)
    try {
      await blobs.put(blobId, meter, definedOnly({ length: options.length, signal: options.signal }))
      const staged = { blobId, size: meter.size, sha256: meter.digest(), crc32: meter.crc32 }
      const fault =
        staged.size < options.limits.min
          ? new Problem('body.too_small')
          : options.sha256 && options.sha256 !== staged.sha256
            ? new Problem('body.malformed', { message: 'The body does not match its digest' })
            : null
      if (fault) {
        await this.discard(staged)
        throw fault
      }
      return staged
    } catch (error) {
      this.#inFlight.delete(blobId)
      throw error
    }
  }

  /**
   * One transaction: `move` checks the version and calls `keep`, and whatever it throws leaves everything as it was.
   *
   * @throws what `move` throws, quota.exceeded, store.full, store.unavailable; the staged object is removed then
   */
  async commit<T>(staged: Staged, owner: Owner, move: (tx: Orm, keep: Keep) => T): Promise<T> {
    const { db, clock } = this.#needs
    try {
      return await db.write((tx) => {
        const result = move(tx, ({ version, replaces, mediaType }) => {
          if (replaces) supersedeBlob(tx, replaces, clock.now())
          insertBlob(tx, {
            id: staged.blobId,
            size: staged.size,
            sha256: staged.sha256,
            crc32: staged.crc32,
            ownerKind: owner.kind,
            ownerId: owner.id,
            accountId: owner.accountId,
            version,
            mediaType: mediaType ?? null,
            createdAt: clock.now(),
          })
          return staged.blobId
        })
        if (!owner.countedElsewhere) this.#checkQuota(tx, owner.accountId, 0)
        return result
      })
    } catch (error) {
      // A commit whose sync failed is undone here, but may be found whole in the log after a crash; then its bytes
      // must be there. The orphan sweep decides.
      if (!isProblem(error) || error.code !== 'store.unavailable') await this.discard(staged)
      throw error
    } finally {
      this.#inFlight.delete(staged.blobId)
    }
  }

  /** Remove staged bytes that lost; if the store is away just now, the orphan sweep finds them later. */
  async discard(staged: Staged): Promise<void> {
    this.#inFlight.delete(staged.blobId)
    await this.#needs.blobs
      .delete(staged.blobId)
      .catch((error) => this.#needs.log.warn({ error, blob: staged.blobId }, 'left an unused object for the reaper'))
  }

  /** Ids of what is being written, or is written and not yet committed. */
  inFlight(): string[] {
    return [...this.#inFlight]
  }

  isInFlight(blobId: string): boolean {
    return this.#inFlight.has(blobId)
  }

  /**
   * Make a version of the history the current one again. The bytes stay where they are; the version moves on.
   *
   * @throws not_found when the history does not hold it (any more)
   */
  restore<T>(owner: Owner, version: number, move: (tx: Orm, keep: Keep, row: BlobRow) => T): Promise<T> {
    const { db, clock } = this.#needs
    return db.write((tx) => {
      const row = listHistory(tx, owner.kind, owner.id).find((one) => one.version === version)
      if (!row || row.accountId !== owner.accountId) throw new Problem('not_found')
      const result = move(
        tx,
        (next) => {
          if (next.replaces) supersedeBlob(tx, next.replaces, clock.now())
          if (!reviveBlob(tx, row.id, next.version)) throw new Problem('not_found')
          return row.id
        },
        row,
      )
      this.#checkQuota(tx, owner.accountId, 0)
      recordEvent(this.#needs, tx, {
        event: 'object.restored',
        accountId: owner.accountId,
        details: { kind: owner.kind, version },
      })
      return result
    })
  }

  /** Turn an object into history without a successor; it can be restored until the retention ends. */
  retire(tx: Orm, blobId: string): void {
    supersedeBlob(tx, blobId, this.#needs.clock.now())
  }

  /** Superseded versions, newest first. */
  history(owner: Owner): BlobRow[] {
    return listHistory(this.#needs.db.read, owner.kind, owner.id)
  }

  /**
   * Open the bytes of an object, verified against the size and SHA-256 of its row. Objects up to 4 MiB are verified
   * before anything is answered; larger ones while they stream, the last chunk held back until the sum agrees: the
   * CRC-32 for those on our own disk.
   *
   * @throws object.missing, object.damaged (and puts the object into quarantine), store.unavailable
   */
  async open(blobId: string, range?: ByteRange): Promise<StoredBytes> {
    const { db, blobs } = this.#needs
    const row = readBlob(db.read, blobId)
    if (!row) throw new Problem('object.missing')
    const small = row.size <= verifiedFirst
    const reader = await blobs.open(blobId, small ? undefined : range)
    if (!reader) throw await quarantineObject(this.#needs, row, 'missing')
    if (reader.size !== row.size) {
      await reader.close()
      throw await quarantineObject(this.#needs, row, 'size')
    }
    if (small) {
      const whole = await readWhole(reader, row)
      if (!whole) throw await quarantineObject(this.#needs, row, 'hash')
      if (row.state === 'quarantined') await releaseObject(this.#needs, row)
      const bytes = range ? whole.subarray(range.start, range.end + 1) : whole
      return { length: bytes.length, chunks: once(bytes), close: async () => {} }
    }
    if (range) return { length: range.end - range.start + 1, chunks: reader.chunks, close: () => reader.close() }
    // A CRC tells decay, not intent: bytes on somebody else's machine are held to the SHA-256.
    const expected = blobs.kind === 'disk' ? row : { ...row, crc32: null }
    const chunks = verifyWhileReading(reader, expected, {
      onMismatch: () => quarantineObject(this.#needs, row, 'hash'),
      onMatch: async () => {
        if (row.state === 'quarantined') await releaseObject(this.#needs, row)
      },
    })
    return { length: row.size, chunks, close: () => reader.close() }
  }

  /** Whether the object is there with the size its row says; does not read it. @throws store.unavailable */
  async stat(blobId: string): Promise<{ size: number }> {
    const row = readBlob(this.#needs.db.read, blobId)
    const found = row ? await this.#needs.blobs.stat(blobId) : null
    if (!row) throw new Problem('object.missing')
    if (!found) throw await quarantineObject(this.#needs, row, 'missing')
    if (found.size !== row.size) throw await quarantineObject(this.#needs, row, 'size')
    return { size: row.size }
  }

  #checkQuota(db: Orm, accountId: string, more: number): void {
    const quota = readQuota(db, accountId) ?? this.#needs.settings.values.quotaBytes
    if (readLiveBytes(db, accountId) + more > quota) throw new Problem('quota.exceeded')
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.length > 0) yield bytes
}

function definedOnly<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never
}
