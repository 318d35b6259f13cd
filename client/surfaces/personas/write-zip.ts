import { deflateSync } from 'fflate'
import { MalformedPersona } from './errors.ts'
import {
  centralHeader,
  checkNames,
  crc32,
  endRecord,
  type Files,
  flags,
  localHeader,
  madeByUnix,
  methods,
  zipLimits,
} from './zip-format.ts'

/** 1980-01-01 00:00, the earliest time a zip can say: real times would make the same content different bytes. */
const dosDate = (1 << 5) | 1
/** Regular file, readable by its owner alone. */
const mode = 0o100600
const zipVersion = 20

type Entry = { name: Uint8Array; method: number; crc: number; size: number; packed: Uint8Array }

/**
 * A zip that depends on names and contents alone: the same files are the same bytes, in any order, at any time.
 *
 * @throws MalformedPersona for names that `readZip` would refuse, or too many or too large files
 */
export function writeZip(files: Files): Uint8Array<ArrayBuffer> {
  checkNames(files.keys())
  const total = [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (files.size > zipLimits.entries) throw new MalformedPersona(`More than ${zipLimits.entries} files`)
  if (total > zipLimits.bytes) throw new MalformedPersona(`More than ${zipLimits.bytes} bytes of files`)
  const entries = [...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(entryOf)

  const localSize = entries.reduce((sum, entry) => sum + localLength(entry), 0)
  const centralSize = entries.reduce((sum, { name }) => sum + centralHeader.length + name.length, 0)
  const zip = new Uint8Array(localSize + centralSize + endRecord.length)
  let [local, central] = [0, localSize]
  for (const entry of entries) {
    central = writeCentral(zip, central, entry, local)
    local = writeLocal(zip, local, entry)
  }
  const end = new DataView(zip.buffer, central)
  end.setUint32(0, endRecord.signature, true)
  end.setUint16(8, entries.length, true)
  end.setUint16(10, entries.length, true)
  end.setUint32(12, centralSize, true)
  end.setUint32(16, localSize, true)
  return zip
}

function entryOf([name, content]: [string, Uint8Array]): Entry {
  const deflated = deflateSync(content, { level: 9 })
  const smaller = deflated.length < content.length
  return {
    name: new TextEncoder().encode(name),
    method: smaller ? methods.deflate : methods.store,
    crc: crc32(content),
    size: content.length,
    packed: smaller ? deflated : content,
  }
}

function localLength({ name, packed }: Entry): number {
  return localHeader.length + name.length + packed.length
}

/** APPNOTE 4.3.7. @returns where the next entry starts */
function writeLocal(zip: Uint8Array<ArrayBuffer>, at: number, entry: Entry): number {
  const view = new DataView(zip.buffer, at)
  view.setUint32(0, localHeader.signature, true)
  writeShared(view, 4, entry)
  zip.set(entry.name, at + localHeader.length)
  zip.set(entry.packed, at + localHeader.length + entry.name.length)
  return at + localLength(entry)
}

/** APPNOTE 4.3.12. @returns where the next header starts */
function writeCentral(zip: Uint8Array<ArrayBuffer>, at: number, entry: Entry, localAt: number): number {
  const view = new DataView(zip.buffer, at)
  view.setUint32(0, centralHeader.signature, true)
  view.setUint16(4, (madeByUnix << 8) | zipVersion, true)
  writeShared(view, 6, entry)
  view.setUint32(38, mode * 0x10000, true)
  view.setUint32(42, localAt, true)
  zip.set(entry.name, at + centralHeader.length)
  return at + centralHeader.length + entry.name.length
}

/** The 26 bytes that both headers have. */
function writeShared(view: DataView, at: number, { name, method, crc, size, packed }: Entry): void {
  view.setUint16(at, zipVersion, true)
  view.setUint16(at + 2, flags.utf8, true)
  view.setUint16(at + 4, method, true)
  view.setUint16(at + 8, dosDate, true)
  view.setUint32(at + 10, crc, true)
  view.setUint32(at + 14, packed.length, true)
  view.setUint32(at + 18, size, true)
  view.setUint16(at + 22, name.length, true)
}
