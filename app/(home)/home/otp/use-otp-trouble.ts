'use client'

import { type OwnWords, useProblemWords } from '#app/_components/words-of-problem.ts'
import { otp } from '#app/_i18n/otp.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OtpPlace } from '#app/_server/otp.ts'
import type { Outcome } from '#app/_server/outcome.ts'

/** What can go wrong with codes and places, in words of this page. */
export function useOtpWords(): OwnWords {
  const words = useWords(otp)
  const general = useWords(shell).outcome
  return {
    'otp.pin_wrong': words.unlock.pinElsewhere,
    'otp.device_locked': words.unlock.locked,
    'otp.device_unknown': general.gone,
    'otp.unknown': general.changed,
    'otp.limit_reached': words.full,
  }
}

/** Why codes could not be opened or changed, null when they were. @param outcome  null when the server was not reached */
export function useOtpTrouble(): (outcome: Outcome<unknown> | null) => string | null {
  const { offline } = useWords(shell).outcome
  const own = useOtpWords()
  const wordsOfProblem = useProblemWords()
  return (outcome) => {
    if (outcome === null) return offline
    return outcome.ok ? null : wordsOfProblem(outcome, own)
  }
}

/** What a place is called, also where it has no name. */
export function useNameOf(): (place: Pick<OtpPlace, 'name'>) => string {
  const { nameless } = useWords(otp)
  return ({ name }) => (name === '' ? nameless : name)
}
