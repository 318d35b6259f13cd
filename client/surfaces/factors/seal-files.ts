import { createSHA256 } from 'hash-wasm'
import type { Padding } from '#client/crypto/padding.ts'
import { webCrypto } from '#client/crypto/web-crypto.ts'
import { faultInNames } from '#client/files/file-names.ts'
import type { StreamedBody } from '#client/transport/upload-body.ts'
import { type BackupKey, deriveContentKey } from './backup-key.ts'
import { FactorError } from './errors.ts'
import { type FileSource, readPieces } from './file-source.ts'
import { byName, encodeManifest, type Manifest, type ManifestFile, mostFiles, newManifestSalt } from './manifest.ts'
import {
  additionalData,
  type Binding,
  chunkLength,
  lengthsFor,
  nonceOf,
  prefixLength,
  writeHeader,
} from './sealed-format.ts'

export type SealOptions = {
  /** `savedAt` of the version this one comes after; the new one is later in any case. */
  after?: number
  /** `buckets` unless said otherwise. */
  padding?: Padding
  /** Unix milliseconds; tests replace it. */
  now?: () => number
  /** For fixed test vectors only: 32 bytes that must never be used twice with one key. */
  salt?: () => Uint8Array<ArrayBuffer>
  manifestSalt?: () => string
}

export type SealedFiles = {
  manifest: Manifest
  manifestHash: string
  /** Sealed anew each time it is opened, under another salt: nothing is ever encrypted twice with one key. */
  body: StreamedBody
  /** Why the last stream of `body` broke, if that was on this side. */
  fault(): unknown
}

/**
 * Seal files into one blob, in two passes over them: the first makes the manifest, whose hash the second is bound to.
 * Neither holds a whole file in memory.
 *
 * @throws FactorError `source-changed`, `bad-name`; what reading a file throws
 */
export async function sealFiles(
  backupId: string,
  sources: FileSource[],
  key: BackupKey,
  options: SealOptions = {},
): Promise<SealedFiles> {
  const fault = faultInNames(sources.map(({ name }) => name))
  if (fault !== null) throw new FactorError('bad-name', { detail: fault })
  if (sources.length > mostFiles) throw new FactorError('too-large', { detail: `more than ${mostFiles} files` })
  const savedAt = Math.max((options.now ?? Date.now)(), (options.after ?? 0) + 1)
  const sorted = [...sources].sort(byName)
  const files: ManifestFile[] = []
  for (const source of sorted) files.push(await describe(source))
  const salt = (options.manifestSalt ?? newManifestSalt)()
  const manifest: Manifest = { format: 1, savedAt, salt, files }
  const { bytes, hash } = await encodeManifest(manifest)

  const padding = options.padding ?? 'buckets'
  const content = prefixLength + bytes.byteLength + files.reduce((sum, { size }) => sum + size, 0)
  const { plaintext, sealed } = lengthsFor(content, padding)
  const binding = { backupId, manifestHash: hash }
  let broken: unknown
  const open = () => {
    broken = undefined
    const newSalt = options.salt ?? (() => globalThis.crypto.getRandomValues(new Uint8Array(32)))
    const pieces = inOrder(bytes, sorted, files, plaintext - content)
    const stream = encrypt(inChunks(pieces), Math.ceil(plaintext / chunkLength), key, newSalt(), padding, binding)
    return toStream(stream, (error) => {
      broken = error
    })
  }
  return { manifest, manifestHash: hash, body: { length: sealed, open }, fault: () => broken }
}

async function describe({ name, size, open }: FileSource): Promise<ManifestFile> {
  const hash = (await createSHA256()).init()
  let read = 0
  for await (const piece of readPieces(open())) {
    hash.update(piece)
    read += piece.byteLength
  }
  if (read !== size) throw new FactorError('source-changed', { detail: name })
  return { name, size, sha256: hash.digest() }
}

/** The plaintext, piece by piece; a file that is not what the manifest says ends it. */
async function* inOrder(
  manifest: Uint8Array<ArrayBuffer>,
  sources: FileSource[],
  files: ManifestFile[],
  padding: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const prefix = new Uint8Array(prefixLength)
  new DataView(prefix.buffer).setUint32(0, manifest.byteLength)
  yield prefix
  yield manifest
  for (const [index, source] of sources.entries()) {
    const changed = new FactorError('source-changed', { detail: source.name })
    const hash = (await createSHA256()).init()
    let left = source.size
    for await (const piece of readPieces(source.open())) {
      left -= piece.byteLength
      if (left < 0) throw changed
      hash.update(piece)
      yield piece
    }
    if (left !== 0 || hash.digest() !== files[index]?.sha256) throw changed
  }
  for (let left = padding; left > 0; left -= chunkLength) yield new Uint8Array(Math.min(left, chunkLength))
}

/** The same bytes in pieces of exactly one chunk, the last one shorter. */
async function* inChunks(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const chunk = new Uint8Array(chunkLength)
  let filled = 0
  for await (const piece of pieces) {
    for (let from = 0; from < piece.byteLength; ) {
      const part = piece.subarray(from, from + chunkLength - filled)
      chunk.set(part, filled)
      filled += part.byteLength
      from += part.byteLength
      if (filled === chunkLength) yield chunk.slice()
      filled %= chunkLength
    }
  }
  if (filled > 0) yield chunk.slice(0, filled)
}

async function* encrypt(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  count: number,
  key: BackupKey,
  salt: Uint8Array<ArrayBuffer>,
  padding: Padding,
  binding: Binding,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { contentKey, commitment } = await deriveContentKey(key, salt, 'encrypt')
  const header = writeHeader({ padding, salt, commitment })
  const aad = additionalData(header, binding)
  yield header
  let index = 0
  for await (const chunk of chunks) {
    const algorithm = { name: 'AES-GCM', iv: nonceOf(index, index === count - 1), additionalData: aad }
    yield new Uint8Array(await webCrypto().encrypt(algorithm, contentKey, chunk))
    index += 1
  }
}

function toStream(pieces: AsyncGenerator<Uint8Array<ArrayBuffer>>, onError: (error: unknown) => void) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        onError(error)
        throw error
      }
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
