/** A file to be backed up. Read twice: once for its hash, once as it is sent, and again with every try. */
export type FileSource = {
  /** Relative path, parts divided by `/`. */
  name: string
  /** In bytes. */
  size: number
  open(): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** A file somebody chose in a page, or any other Blob. */
export function fileFromBlob(name: string, blob: Blob): FileSource {
  return { name, size: blob.size, open: () => blob.stream() as ReadableStream<Uint8Array<ArrayBuffer>> }
}

export function fileFromBytes(name: string, bytes: Uint8Array<ArrayBuffer>): FileSource {
  return fileFromBlob(name, new Blob([bytes]))
}

/** Pieces of a stream; not every browser can iterate over one. */
export async function* readPieces(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Ends the source where the caller stopped early; after the end it does nothing.
    await reader.cancel().catch(() => {})
  }
}
