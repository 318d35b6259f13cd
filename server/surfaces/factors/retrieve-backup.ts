import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { tokenHash } from '#server/people/token-hash.ts'
import { type Challenged, proveFactor } from './prove-factor.ts'
import { exportMetadata } from './read-metadata.ts'
import { insertSyncFactorToken } from './used-tokens.ts'

const tokenMilliseconds = 15 * 60_000

/**
 * The sealed backup with its metadata and a token for adding a sync factor (factor-backup §4.4).
 *
 * @returns the answer as JSON text in chunks, and its length in bytes
 * @throws as `proveFactor`; object.missing, object.damaged, store.unavailable
 */
export async function retrieveBackup(ctx: Context, proof: Challenged): Promise<{ length: number; chunks: Chunks }> {
  const { backup } = await proveFactor(ctx, proof, 'MAIN', { kind: 'RETRIEVE' })
  if (!backup.blobId) throw new Problem('object.missing')
  const stored = await ctx.vault.open(backup.blobId)
  try {
    const syncFactorToken = ctx.ids.random(32).toString('base64url')
    const expiresAt = ctx.clock.now() + tokenMilliseconds
    const metadata = await ctx.db.write((tx) => {
      insertSyncFactorToken(tx, { hash: tokenHash(syncFactorToken), backupKey: backup.key, expiresAt })
      return exportMetadata(tx, backup)
    })
    const head = Buffer.from('{"backup":"')
    const tail = Buffer.from(`",${JSON.stringify({ metadata, syncFactorToken }).slice(1)}`)
    return {
      length: head.length + 4 * Math.ceil(stored.length / 3) + tail.length,
      chunks: around(head, base64(stored.chunks), tail),
    }
  } catch (error) {
    await stored.close()
    throw error
  }
}

async function* around(head: Uint8Array, body: Chunks, tail: Uint8Array): Chunks {
  yield head
  yield* body
  yield tail
}

/** Base64 in whole groups of three bytes, so that the parts put together are the base64 of the whole. */
async function* base64(source: Chunks): Chunks {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    const all =
      rest.length > 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    const whole = all.length - (all.length % 3)
    if (whole > 0) yield Buffer.from(all.toString('base64', 0, whole), 'latin1')
    // A copy: the chunk's memory may be used again.
    rest = Buffer.from(all.subarray(whole))
  }
  if (rest.length > 0) yield Buffer.from(rest.toString('base64'), 'latin1')
}
