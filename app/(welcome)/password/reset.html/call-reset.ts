import { reset } from '#app/_i18n/reset.ts'
import { useWords } from '#app/_i18n/use-words.ts'

export type Outcome = { ok: true } | { ok: false; status: number; words: string }

/** Calls `/password/reset` and says in plain words what came of it. */
export function useReset(): (request: RequestInit) => Promise<Outcome> {
  const { trouble: words } = useWords(reset)
  return async (request) => {
    try {
      const answer = await fetch('/password/reset', { ...request, credentials: 'omit' })
      if (answer.ok) return { ok: true }
      const { status } = answer
      if (status === 429 || status === 503)
        return { ok: false, status, words: words.wait(Number(answer.headers.get('retry-after')) || 10) }
      return { ok: false, status, words: status >= 500 ? words.server : words.refused }
    } catch {
      return { ok: false, status: 0, words: words.offline }
    }
  }
}
