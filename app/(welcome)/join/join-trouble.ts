import { join } from '#app/_i18n/join.ts'
import { signIn } from '#app/_i18n/sign-in.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'

type Failure = Extract<Outcome, { ok: false }>

/** Try an action; `null` when it worked, else why not, in words. @param refused  of an invitation that does not work */
export function useJoinTrouble(): (action: () => Promise<Outcome<unknown>>, refused: string) => Promise<string | null> {
  const words = useWords(join).trouble
  const general = useWords(signIn).trouble

  function wordsOf({ code, seconds }: Failure, refused: string): string {
    if (code === 'invitation.refused') return refused
    if (code === 'account.exists') return words.taken
    if (code === 'auth.registration_closed') return words.closed
    if (code === 'input.invalid') return words.name
    if (code === 'rate.limited') return general.wait(seconds ?? 60)
    return code === 'server.busy' || code === 'server.stopping' ? general.busy : general.server
  }

  return async (action, refused) => {
    try {
      const outcome = await action()
      return outcome.ok ? null : wordsOf(outcome, refused)
    } catch {
      return general.offline
    }
  }
}
