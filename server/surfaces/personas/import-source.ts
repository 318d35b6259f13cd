import type { Chunks } from '#server/blobs/blob-store.ts'

/** One object of the original service, wherever it was kept (personas §6). */
export type OriginalObject = {
  /** As in its bucket: `<email>/user.json` or `<email>/personas/<id>`. */
  key: string
  /** Bytes. */
  size: number
  /** @returns the bytes, and the media type where it was kept beside them */
  open(): Promise<{ mediaType: string | null; chunks: Chunks }>
}

export type OriginalSource = Disposable & {
  list(): AsyncIterable<OriginalObject>
}

export type OriginalKey =
  | { kind: 'user'; email: string }
  | { kind: 'persona'; email: string; personaId: string }
  | { kind: 'other' }

/** What a key stands for. The address is as the original knew it, neither trimmed nor lower-cased. */
export function readOriginalKey(key: string): OriginalKey {
  const user = /^(.+)\/user\.json$/s.exec(key)
  if (user?.[1]) return { kind: 'user', email: unescapeEmail(user[1]) }
  const persona = /^(.+)\/personas\/([^/]+)$/s.exec(key)
  if (persona?.[1] && persona[2]) return { kind: 'persona', email: unescapeEmail(persona[1]), personaId: persona[2] }
  return { kind: 'other' }
}

/** The original escapes what follows the first `@` and leaves the rest as it is (personas §6). */
function unescapeEmail(escaped: string): string {
  const [local = '', ...rest] = escaped.split('@')
  return [local, ...rest.map(decode)].join('@')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
