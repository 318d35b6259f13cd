import { wordsOfProblem } from '#app/_components/words-of-problem.ts'
import { otp } from '#app/_i18n/en/otp.ts'
import { shell } from '#app/_i18n/en/shell.ts'
import type { OtpPlace } from '#app/_server/otp.ts'
import type { Outcome } from '#app/_server/outcome.ts'

/** Why codes could not be opened or changed. @param outcome  null when the server was not reached */
export function otpTrouble(outcome: Outcome<unknown> | null): string | null {
  if (outcome === null) return shell.outcome.offline
  if (outcome.ok) return null
  return wordsOfProblem(shell.outcome, outcome, {
    'otp.pin_wrong': otp.unlock.wrong,
    'otp.device_locked': otp.unlock.locked,
    'otp.device_unknown': shell.outcome.gone,
    'otp.unknown': shell.outcome.changed,
    'otp.limit_reached': otp.full,
  })
}

export function nameOf({ name }: OtpPlace): string {
  return name === '' ? otp.nameless : name
}
