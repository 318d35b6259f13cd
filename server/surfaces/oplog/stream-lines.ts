import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'
import type { Choice } from './choose-operations.ts'
import { readLines, readNextLarge, readPage, readPageBeyond, readWindowEnd } from './store.ts'

/** Lines go out in pieces of about this size, and are read that many at a time at most. */
const pieceBytes = 256 * 1024
const rowsAtMost = 512
/** Operations looked at in one turn of the event loop while most of them are passed over. */
const windowRows = 16_384

/**
 * The lines of a choice in order of arrival, each whole, read piece by piece as the reader takes them: no transaction
 * and no more than a piece in memory between two reads (oplog-sync D9, D10).
 *
 * @throws object.missing, object.damaged, store.unavailable; what came before is whole lines
 */
export async function* streamLines(ctx: Context, choice: Choice): Chunks {
  for await (const piece of pieces(ctx, choice)) {
    chunkPassed(piece.length)
    for (let start = 0; start < piece.length; start += pieceBytes) yield piece.subarray(start, start + pieceBytes)
  }
}

function pieces(ctx: Context, choice: Choice): Chunks {
  return choice.seqs ? listed(ctx, choice.seqs) : inOrder(ctx, choice)
}

/** Pages of short operations, and between them the long ones from the store. */
async function* inOrder(ctx: Context, choice: Choice): Chunks {
  const { userId, until } = choice
  const { read } = ctx.db
  for (let at = choice.after; at < until; ) {
    const large = readNextLarge(read, { userId, after: at, until })
    yield* short(ctx, { ...choice, after: at, until: large ? large.seq - 1 : until })
    if (large?.blobId && isWanted(choice, large)) yield* fromStore(ctx, large.blobId)
    at = large?.seq ?? until
  }
}

function isWanted({ beyond }: Choice, { client, index }: { client: number; index: number }): boolean {
  return beyond === null || beyond.some(([one, known]) => one === client && index > known)
}

/** SQLite puts the lines of a page together, which costs a tenth of doing it row by row here. */
async function* short(ctx: Context, { userId, after, until, beyond }: Choice): Chunks {
  const { read } = ctx.db
  let rows = 64
  let end = beyond ? after : until
  for (let at = after; at < until; ) {
    // Where most is passed over, a page would be looked for without end.
    if (at >= end) end = readWindowEnd(read, { userId, after: at, until }, windowRows) ?? until
    const span = { userId, after: at, until: end }
    const { bytes, last } = beyond ? readPageBeyond(read, span, beyond, rows) : readPage(read, span, rows)
    at = last ?? end
    if (bytes) {
      yield bytes
      rows = Math.max(16, Math.min(rowsAtMost, 2 * rows, Math.floor((rows * pieceBytes) / bytes.length)))
    } else await nextTurn()
  }
}

async function* listed(ctx: Context, seqs: number[]): Chunks {
  for (let start = 0; start < seqs.length; start += rowsAtMost / 2) {
    let gathered = ''
    for (const { line, blobId } of readLines(ctx.db.read, seqs.slice(start, start + rowsAtMost / 2))) {
      gathered += line ?? ''
      if (blobId === null && gathered.length < pieceBytes) continue
      if (gathered !== '') yield Buffer.from(gathered)
      gathered = ''
      if (blobId !== null) yield* fromStore(ctx, blobId)
    }
    if (gathered !== '') yield Buffer.from(gathered)
  }
}

async function* fromStore(ctx: Context, blobId: string): Chunks {
  const stored = await ctx.vault.open(blobId)
  try {
    yield* stored.chunks
  } finally {
    await stored.close()
  }
}
