import type { signIn } from '#app/_i18n/en/sign-in.ts'
import type { Outcome } from '#app/_server/outcome.ts'

type Failure = Extract<Outcome, { ok: false }>
type Words = (typeof signIn)['trouble']

/** Why a sign-in failed. @param refused  what to say when the proof itself was not accepted */
export function troubleWords(words: Words, { code, seconds }: Failure, refused: string): string {
  if (code === 'rate.limited') return words.wait(seconds ?? 60)
  if (code === 'server.busy' || code === 'server.stopping') return words.busy
  if (code === 'passkey.unknown') return words.unknownPasskey
  if (code === 'challenge.invalid' || code === 'challenge.used') return words.stale
  const isRefusal = code === 'auth.failed' || code === 'input.invalid'
  return isRefusal || code.startsWith('webauthn.') || code.startsWith('challenge.') ? refused : words.server
}

/** Run an action whose answer may never come. @returns words when it failed */
export async function triedWords(
  words: Words,
  action: () => Promise<Outcome<unknown>>,
  refused: string,
): Promise<string | null> {
  try {
    const outcome = await action()
    return outcome.ok ? null : troubleWords(words, outcome, refused)
  } catch {
    return words.offline
  }
}
