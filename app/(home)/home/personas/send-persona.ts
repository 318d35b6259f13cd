import type { Outcome } from '#app/_server/outcome.ts'
import { uploadByXhr } from '#client/transport/upload-by-xhr.ts'

export type Progress = { loaded: number; total: number }

type Sent = {
  id: string
  file: File
  /** The version that is to be replaced; null when there must be none. */
  replaces: { version: number } | null
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

/** Send a file to `/home/personas/upload`. A persona that somebody changed meanwhile is left alone. */
export async function sendPersona({
  id,
  file,
  replaces,
  signal,
  onProgress,
}: Sent): Promise<Outcome<number> | 'stopped' | 'offline'> {
  const headers = new Headers({ 'Content-Type': file.type || 'application/zip' })
  if (replaces) headers.set('If-Match', `"${replaces.version}"`)
  else headers.set('If-None-Match', '*')
  try {
    const answer = await uploadByXhr({
      url: new URL(`/home/personas/upload?${new URLSearchParams({ id })}`, location.href).href,
      method: 'POST',
      headers,
      body: file,
      withCredentials: true,
      signal,
      onProgress: ({ loaded }) => onProgress({ loaded, total: file.size }),
    })
    if (!answer.ok)
      return { ok: false, code: answer.status === 403 ? 'auth.foreign_origin' : 'server.failed', seconds: null }
    return (await answer.json()) as Outcome<number>
  } catch {
    return signal.aborted ? 'stopped' : 'offline'
  }
}
