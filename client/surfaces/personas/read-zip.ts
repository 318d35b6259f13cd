import { Inflate } from 'fflate'
import { isClientError } from '#client/errors/client-error.ts'
import { quoted } from '#client/files/file-names.ts'
import { MalformedPersona } from './errors.ts'
import {
  centralHeader,
  checkName,
  checkNames,
  crc32,
  endRecord,
  flags,
  localHeader,
  madeByUnix,
  methods,
  type ZipLimits,
  zipLimits,
} from './zip-format.ts'

const longestComment = 0xffff
/** Deflate grows a thousandfold at most, so no piece of this many bytes can take more than 16 MiB before it is counted. */
const pieceLength = 16 * 1024
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

type Entry = {
  name: string
  nameBytes: Uint8Array
  method: number
  crc: number
  packedSize: number
  size: number
  localAt: number
}

/**
 * The files of a zip that may come from anybody. Folders without files are left out; comments, times and modes are
 * not kept.
 *
 * @throws MalformedPersona for names that lead elsewhere or occur twice, more or larger files than `limits` allow (as
 *   announced and as counted while inflating), overlapping or damaged entries, links, encrypted or multi-volume zips
 */
export function readZip(zip: Uint8Array, limits: ZipLimits = zipLimits): Map<string, Uint8Array<ArrayBuffer>> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const directory = findDirectory(view)
  if (directory.count > limits.entries) throw new MalformedPersona(`The zip has more than ${limits.entries} entries`)
  const entries = readDirectory(zip, view, directory)
  checkNames(entries.map(({ name }) => name))
  const total = entries.reduce((sum, { size }) => sum + size, 0)
  if (total > limits.bytes) throw new MalformedPersona(`The zip unpacks to more than ${limits.bytes} bytes`)
  const places = entries.map((entry) => placeOf(zip, view, entry, directory.at))
  checkApart(places)
  return new Map(entries.map((entry, index) => [entry.name, unpack(zip, entry, places[index])]))
}

type Directory = { at: number; end: number; count: number }

/** APPNOTE 4.3.16: at the very end, behind it only its own comment. */
function findDirectory(view: DataView): Directory {
  const last = view.byteLength - endRecord.length
  for (let at = last; at >= Math.max(0, last - longestComment); at -= 1) {
    if (view.getUint32(at, true) !== endRecord.signature) continue
    if (view.getUint16(at + 20, true) !== last - at) continue
    const [disk, startDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)]
    const [here, count] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)]
    const [size, start] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)]
    if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
      throw new MalformedPersona('The zip is too large (ZIP64)')
    }
    if (disk !== 0 || startDisk !== 0 || here !== count) throw new MalformedPersona('The zip has several volumes')
    if (start + size > at) throw damaged()
    return { at: start, end: start + size, count }
  }
  throw new MalformedPersona('Not a zip file, or cut short')
}

/** APPNOTE 4.3.12. */
function readDirectory(zip: Uint8Array, view: DataView, { at: start, end, count }: Directory): Entry[] {
  const entries: Entry[] = []
  let at = start
  for (let index = 0; index < count; index += 1) {
    if (at + centralHeader.length > end || view.getUint32(at, true) !== centralHeader.signature) throw damaged()
    const nameAt = at + centralHeader.length
    const dataAt = nameAt + view.getUint16(at + 28, true)
    const next = dataAt + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > end) throw damaged()
    const nameBytes = zip.subarray(nameAt, dataAt)
    const entry = {
      name: textOf(nameBytes),
      nameBytes,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      localAt: view.getUint32(at + 42, true),
    }
    if (view.getUint16(at + 8, true) & (flags.encrypted | flags.maskedHeaders)) {
      throw new MalformedPersona('The zip is encrypted with a password of its own')
    }
    if (!isFolder(entry)) {
      checkKind(entry, view.getUint16(at + 4, true) >> 8, view.getUint32(at + 38, true))
      entries.push(entry)
    }
    at = next
  }
  if (at !== end) throw damaged()
  return entries
}

/** Some programs list folders too; nothing is lost without them. */
function isFolder({ name, size }: Entry): boolean {
  if (!name.endsWith('/') || size !== 0) return false
  checkName(name.slice(0, -1))
  return true
}

/** Links would come back as small text files, or lead out of the folder they are unpacked in. */
function checkKind({ name }: Entry, system: number, attributes: number): void {
  const type = (attributes >>> 16) & 0o170000
  if (system !== madeByUnix || type === 0 || type === 0o100000) return
  throw new MalformedPersona(`${quoted(name)} in the zip is a link or a device`)
}

/** Names without the UTF-8 flag are UTF-8 in practice (macOS), or ASCII, which is the same. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new MalformedPersona('The zip has a file name that is not UTF-8')
  }
}

type Place = { from: number; dataAt: number; to: number }

/** Where an entry's bytes lie (APPNOTE 4.3.7). Its own header must name the same file as the directory does. */
function placeOf(zip: Uint8Array, view: DataView, entry: Entry, limit: number): Place {
  const { localAt, nameBytes, packedSize } = entry
  if (localAt + localHeader.length > limit) throw damaged()
  if (view.getUint32(localAt, true) !== localHeader.signature) throw damaged()
  const nameAt = localAt + localHeader.length
  const nameLength = view.getUint16(localAt + 26, true)
  const dataAt = nameAt + nameLength + view.getUint16(localAt + 28, true)
  const to = dataAt + packedSize
  if (to > limit || nameLength !== nameBytes.length) throw damaged()
  if (nameBytes.some((byte, index) => zip[nameAt + index] !== byte)) throw damaged()
  return { from: localAt, dataAt, to }
}

/** Entries that share bytes are how the smallest zip bombs are made. */
function checkApart(places: Place[]): void {
  let end = 0
  for (const { from, to } of places.toSorted((one, other) => one.from - other.from)) {
    if (from < end) throw damaged()
    end = to
  }
}

function unpack(zip: Uint8Array, entry: Entry, place: Place | undefined): Uint8Array<ArrayBuffer> {
  if (place === undefined) throw damaged()
  const packed = zip.subarray(place.dataAt, place.to)
  const content = contentOf(packed, entry)
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw damaged(entry.name)
  return content
}

function contentOf(packed: Uint8Array, { name, method, size }: Entry): Uint8Array<ArrayBuffer> {
  if (method === methods.store) return new Uint8Array(packed)
  if (method !== methods.deflate) throw new MalformedPersona(`${quoted(name)} is packed in an unknown way`)
  try {
    return inflate(packed, size)
  } catch (error) {
    throw isClientError(error) ? error : damaged(name)
  }
}

/** Stops as soon as there is more than announced. */
function inflate(packed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(size)
  let length = 0
  const stream = new Inflate((piece) => {
    if (length + piece.length > size) throw new MalformedPersona('The zip unpacks to more than it announces')
    content.set(piece, length)
    length += piece.length
  })
  for (let at = 0; at < packed.length; at += pieceLength) {
    stream.push(packed.subarray(at, at + pieceLength), at + pieceLength >= packed.length)
  }
  return content.subarray(0, length)
}

function damaged(name?: string): MalformedPersona {
  return new MalformedPersona(name === undefined ? 'The zip is damaged' : `${quoted(name)} in the zip is damaged`)
}
