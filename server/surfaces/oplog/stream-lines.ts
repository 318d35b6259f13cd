import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { chunkPassed } from '#server/kit/chunk-garbage.ts'
import type { Choice } from './choose-operations.ts'
import { readLines, readNextLarge, readPage, readWindow } from './store.ts'

/** Lines go out in pieces of about this size, and are read that many at a time at most. */
const pieceBytes = 256 * 1024
const rowsAtMost = 512
/** Operations looked at in one turn of the event loop while most of them are passed over. */
const windowRows = 2_048

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
  if (choice.seqs) return listed(ctx, choice.seqs)
  if (choice.beyond) return filtered(ctx, choice, choice.beyond)
  return everything(ctx, choice)
}

/** All there is: SQLite puts the lines together, which costs a tenth of doing it row by row here. */
async function* everything(ctx: Context, { userId, after, until }: Choice): Chunks {
  let rows = 64
  let large = readNextLarge(ctx.db.read, { userId, after, until })
  for (let at = after; ; ) {
    const page = readPage(ctx.db.read, { userId, after: at, until: large ? large.seq - 1 : until }, rows)
    if (page.last !== null && page.bytes) {
      yield page.bytes
      at = page.last
      rows = Math.max(16, Math.min(rowsAtMost, 2 * rows, Math.floor((rows * pieceBytes) / page.bytes.length)))
    } else if (large) {
      yield* fromStore(ctx, large.blobId)
      at = large.seq
      large = readNextLarge(ctx.db.read, { userId, after: at, until })
    } else return
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

async function* filtered(ctx: Context, { userId, after, until }: Choice, beyond: Map<number, number>): Chunks {
  for (let at = after; ; ) {
    const window = readWindow(ctx.db.read, { userId, after: at, until }, windowRows)
    const last = window.at(-1)
    if (!last) return
    at = last.seq
    const wanted = window.filter(({ client, index }) => index > (beyond.get(client) ?? Number.POSITIVE_INFINITY))
    if (wanted.length === 0) await nextTurn()
    else
      yield* listed(
        ctx,
        wanted.map(({ seq }) => seq),
      )
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
