import type { Readable } from 'node:stream'
import type { BusboyFileStream } from '@fastify/busboy'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import type { Staged } from '#server/vault/vault.ts'
import { readParts } from './read-parts.ts'

const mebibyte = 1024 * 1024
/** Of the JSON part, bytes; factors and keys are a few kilobytes. */
const payloadLimit = 2 * mebibyte

/** The two parts of /create and /sync as they arrived, not looked at yet. */
export type Upload = AsyncDisposable & {
  /** @throws factors.missing_payload_field */
  payload(): Buffer
  /**
   * Hand the staged bytes over; whoever takes them commits or discards them. Not taken, they are discarded at the end.
   *
   * @throws factors.missing_backup_field, factors.empty_backup_file, factors.content_too_large, store.*
   */
  checkBackup(): void
  takeBackup(): Staged
}

/**
 * Read the parts `payload` and `backup`, in any order; of a name that comes twice the last wins, other names are
 * ignored (factor-backup §4.3). The backup goes to the store as it arrives, for who sent it is only known afterwards.
 *
 * @throws factors.multipart_error, factors.content_too_large for the announced length
 */
export async function readUpload(ctx: Context, request: Request): Promise<Upload> {
  const max = ctx.settings.values.factorBackupMaxBytes
  let payload: Buffer | null = null
  let backup: Staged | Problem | null = null
  const drop = async () => {
    const dropped = backup
    backup = null
    if (dropped && !isProblem(dropped)) await ctx.vault.discard(dropped)
  }

  try {
    await readParts(request, max + mebibyte, async (name, part) => {
      if (name === 'payload') payload = await gather(part)
      if (name === 'backup') {
        await drop()
        backup = await stage(ctx, part, max, request.signal)
      }
    })
  } catch (error) {
    await drop()
    throw error
  }

  return {
    payload() {
      if (!payload) throw new Problem('factors.missing_payload_field')
      return payload
    },
    checkBackup() {
      if (!backup) throw new Problem('factors.missing_backup_field')
      if (isProblem(backup)) throw backup
      if (backup.size === 0) throw new Problem('factors.empty_backup_file')
    },
    takeBackup() {
      const taken = backup
      backup = null
      if (!taken || isProblem(taken)) throw new Problem('factors.missing_backup_field')
      return taken
    },
    [Symbol.asyncDispose]: drop,
  }
}

/** What is over the limit can be no payload: it is kept as far as the limit goes, which no parser takes. */
async function gather(part: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of part as AsyncIterable<Buffer>) {
    if (size <= payloadLimit) chunks.push(chunk)
    size += chunk.length
  }
  return size > payloadLimit ? Buffer.alloc(0) : Buffer.concat(chunks)
}

async function stage(
  ctx: Context,
  part: BusboyFileStream,
  max: number,
  signal: AbortSignal,
): Promise<Staged | Problem> {
  // A newcomer's quota: whose bytes these are is known, and counted again, at the commit.
  const quota = ctx.vault.approve(ctx.ids.uuid(), 0)
  try {
    return await ctx.vault.stage(bytesOf(part), quota, { limits: { min: 0, max }, signal })
  } catch (error) {
    // The rest of the request is still read: what else is wrong with it comes first (factor-backup §4.3).
    if (!isProblem(error)) throw error
    return error.code === 'body.too_large' ? new Problem('factors.content_too_large') : error
  }
}

/** Without ending the part when its reader gives up, so that the parser can go on behind it. */
async function* bytesOf(part: Readable): Chunks {
  for await (const chunk of part.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array
}
