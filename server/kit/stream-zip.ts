import { Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** A file of a zip; its bytes are read when its turn comes. */
export type ZipEntry = {
  /** Relative, parts divided by `/`. */
  name: string
  /** Milliseconds. */
  modifiedAt: number
  /** An upper bound, bytes; what may pass 2 GiB is written so that it can (zip64). */
  atMost: number
  chunks: AsyncIterable<Uint8Array>
}

/** Signatures and versions of APPNOTE 4.3 and 4.4.3. All integers are little-endian. */
const signatures = { local: 0x04034b50, descriptor: 0x08074b50, central: 0x02014b50, end: 0x06054b50 }
const signatures64 = { end: 0x06064b50, locator: 0x07064b50 }
const versions = { plain: 20, zip64: 45 }
/** Sizes follow the data (bit 3), names are UTF-8 (bit 11). */
const flags = 0x0808
const deflate = 8
const madeByUnix = 3
/** Regular file, readable by its owner alone. */
const mode = 0o100600
/** What says that the value is in the zip64 field. */
const [in64, inShort64] = [0xffffffff, 0xffff]
const twoGibibytes = 2 ** 31

type Written = { name: Buffer; time: number; crc: number; size: number; packed: number; at: number; is64: boolean }

/**
 * A zip written while it is read, for any length: one entry's chunk and the names are all that is in memory. Every
 * entry is deflated, fast, for readers that cannot skip stored data of unknown length; numbers beyond 32 bits are zip64.
 *
 * @throws what an entry's chunks throw; RangeError when one is longer than it said it could be
 */
export async function* streamZip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array, void, void> {
  const written: Written[] = []
  let at = 0
  for await (const entry of entries) {
    const row = { ...startOf(entry), at }
    yield* counted(localHeader(row))
    for await (const chunk of deflated(entry, row)) yield* counted(chunk)
    yield* counted(descriptor(row))
    written.push(row)
  }
  const centralAt = at
  for (const row of written) yield* counted(centralHeader(row))
  yield endRecords(written.length, { at: centralAt, size: at - centralAt })

  function* counted(bytes: Uint8Array): Generator<Uint8Array, void, void> {
    at += bytes.length
    yield bytes
  }
}

function startOf({ name, modifiedAt, atMost }: ZipEntry): Omit<Written, 'at'> {
  const is64 = atMost >= twoGibibytes
  return { name: Buffer.from(name), time: dosTime(modifiedAt), crc: 0, size: 0, packed: 0, is64 }
}

/** The entry's bytes packed, with what the descriptor says of them put into `row`. */
async function* deflated({ chunks, atMost }: ZipEntry, row: Written): AsyncGenerator<Buffer, void, void> {
  async function* metered() {
    for await (const chunk of chunks) {
      row.crc = crc32(chunk, row.crc)
      row.size += chunk.length
      if (row.size > atMost) throw new RangeError('An entry is longer than it said')
      yield chunk
    }
  }
  const source = Readable.from(metered(), { objectMode: false })
  const packer = createDeflateRaw({ level: 1 })
  source.once('error', (error) => packer.destroy(error))
  try {
    for await (const chunk of source.pipe(packer)) {
      row.packed += chunk.length
      yield chunk
    }
  } finally {
    source.destroy()
    packer.destroy()
  }
}

/** APPNOTE 4.3.7; with a zip64 field the descriptor's sizes have eight bytes (4.3.9.2). */
function localHeader({ name, time, is64 }: Written): Buffer {
  const extra = is64 ? 20 : 0
  const header = Buffer.alloc(30 + name.length + extra)
  header.writeUInt32LE(signatures.local, 0)
  header.writeUInt16LE(is64 ? versions.zip64 : versions.plain, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(deflate, 8)
  header.writeUInt32LE(time, 10)
  if (is64) header.fill(0xff, 18, 26)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra, 28)
  name.copy(header, 30)
  if (is64) {
    header.writeUInt16LE(1, 30 + name.length)
    header.writeUInt16LE(16, 32 + name.length)
  }
  return header
}

function descriptor({ crc, size, packed, is64 }: Written): Buffer {
  const record = Buffer.alloc(is64 ? 24 : 16)
  record.writeUInt32LE(signatures.descriptor, 0)
  record.writeUInt32LE(crc, 4)
  if (is64) {
    record.writeBigUInt64LE(BigInt(packed), 8)
    record.writeBigUInt64LE(BigInt(size), 16)
  } else {
    record.writeUInt32LE(packed, 8)
    record.writeUInt32LE(size, 12)
  }
  return record
}

/** APPNOTE 4.3.12; the zip64 field (4.5.3) holds only what does not fit. */
function centralHeader({ name, time, crc, size, packed, at, is64 }: Written): Buffer {
  const large = [...(is64 ? [size, packed] : []), ...(is64 || at >= in64 ? [at] : [])]
  const extra = large.length > 0 ? 4 + 8 * large.length : 0
  const header = Buffer.alloc(46 + name.length + extra)
  header.writeUInt32LE(signatures.central, 0)
  header.writeUInt16LE((madeByUnix << 8) | versions.zip64, 4)
  header.writeUInt16LE(extra > 0 ? versions.zip64 : versions.plain, 6)
  header.writeUInt16LE(flags, 8)
  header.writeUInt16LE(deflate, 10)
  header.writeUInt32LE(time, 12)
  header.writeUInt32LE(crc, 16)
  header.writeUInt32LE(is64 ? in64 : packed, 20)
  header.writeUInt32LE(is64 ? in64 : size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra, 30)
  header.writeUInt32LE(mode * 0x10000, 38)
  header.writeUInt32LE(is64 || at >= in64 ? in64 : at, 42)
  name.copy(header, 46)
  if (extra > 0) {
    header.writeUInt16LE(1, 46 + name.length)
    header.writeUInt16LE(extra - 4, 48 + name.length)
    for (const [place, value] of large.entries()) header.writeBigUInt64LE(BigInt(value), 50 + name.length + 8 * place)
  }
  return header
}

/** APPNOTE 4.3.14 to 4.3.16. */
function endRecords(entries: number, central: { at: number; size: number }): Buffer {
  const needs64 = entries >= inShort64 || central.at >= in64 || central.size >= in64
  const record = Buffer.alloc(needs64 ? 56 + 20 + 22 : 22)
  const end = record.length - 22
  if (needs64) {
    record.writeUInt32LE(signatures64.end, 0)
    record.writeBigUInt64LE(44n, 4)
    record.writeUInt16LE((madeByUnix << 8) | versions.zip64, 12)
    record.writeUInt16LE(versions.zip64, 14)
    record.writeBigUInt64LE(BigInt(entries), 24)
    record.writeBigUInt64LE(BigInt(entries), 32)
    record.writeBigUInt64LE(BigInt(central.size), 40)
    record.writeBigUInt64LE(BigInt(central.at), 48)
    record.writeUInt32LE(signatures64.locator, 56)
    record.writeBigUInt64LE(BigInt(central.at + central.size), 64)
    record.writeUInt32LE(1, 72)
  }
  record.writeUInt32LE(signatures.end, end)
  record.writeUInt16LE(Math.min(entries, inShort64), end + 8)
  record.writeUInt16LE(Math.min(entries, inShort64), end + 10)
  record.writeUInt32LE(Math.min(central.size, in64), end + 12)
  record.writeUInt32LE(Math.min(central.at, in64), end + 16)
  return record
}

/** MS-DOS date and time in UTC, to two seconds, from 1980 to 2107. */
function dosTime(milliseconds: number): number {
  const at = new Date(Math.min(Math.max(milliseconds, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31)))
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
