import { en } from '#app/_i18n/en.ts'

export type Outcome = { ok: true } | { ok: false; status: number; words: string }

/** Call `/password/reset` and say in plain words what came of it. */
export async function callReset(request: RequestInit): Promise<Outcome> {
  const words = en.reset.trouble
  try {
    const answer = await fetch('/password/reset', { ...request, credentials: 'omit' })
    if (answer.ok) return { ok: true }
    const { status } = answer
    if (status === 429 || status === 503)
      return { ok: false, status, words: words.wait(Number(answer.headers.get('retry-after')) || 10) }
    if (status >= 500) return { ok: false, status, words: words.server }
    const body = (await answer.json().catch(() => null)) as { failure?: { message?: string } } | null
    return { ok: false, status, words: words.refused(body?.failure?.message ?? String(status)) }
  } catch {
    return { ok: false, status: 0, words: words.offline }
  }
}
