import { shell } from '#app/_i18n/en/shell.ts'
import type { Outcome } from '#app/_server/outcome.ts'

type Failure = Extract<Outcome, { ok: false }>

const words: Partial<Record<Failure['code'], string>> = {
  'auth.failed': shell.outcome.signedOut,
  'auth.proof_needed': shell.outcome.notProven,
  'auth.signed_out': shell.outcome.signedOut,
  'auth.foreign_origin': shell.outcome.invalid,
  'body.too_large': shell.outcome.tooLarge,
  'device.limit_reached': shell.outcome.invalid,
  'input.invalid': shell.outcome.invalid,
  not_found: shell.outcome.gone,
  'object.damaged': shell.outcome.damaged,
  'object.missing': shell.outcome.damaged,
  'passkey.exists': shell.outcome.passkeyExists,
  'passkey.last_way_in': shell.outcome.lastWayIn,
  'passkey.limit_reached': shell.outcome.passkeyLimit,
  'passkey.unknown': shell.outcome.gone,
  'persona.not_found': shell.outcome.gone,
  'precondition.failed': shell.outcome.changed,
  'quota.exceeded': shell.outcome.quota,
  'server.busy': shell.outcome.busy,
  'store.full': shell.outcome.unavailable,
  'store.unavailable': shell.outcome.unavailable,
}

/** Why something did not work, for the person who tried it. @param own  words of the page that come first */
export function wordsOfProblem({ code }: Failure, own: Partial<Record<Failure['code'], string>> = {}): string {
  return own[code] ?? words[code] ?? shell.outcome.server
}
