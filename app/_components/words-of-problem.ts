import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'

type General = (typeof shell)['en']['outcome']
type Failure = Extract<Outcome, { ok: false }>

/** Words of a page for some failures, instead of the general ones. */
export type OwnWords = Partial<Record<Failure['code'], string>>

const general: Partial<Record<Failure['code'], keyof General>> = {
  'auth.failed': 'signedOut',
  'auth.proof_needed': 'notProven',
  'auth.signed_out': 'signedOut',
  'auth.foreign_origin': 'invalid',
  'body.too_large': 'tooLarge',
  'device.limit_reached': 'invalid',
  'input.invalid': 'invalid',
  not_found: 'gone',
  'object.damaged': 'damaged',
  'object.missing': 'damaged',
  'passkey.exists': 'passkeyExists',
  'passkey.last_way_in': 'lastWayIn',
  'passkey.limit_reached': 'passkeyLimit',
  'passkey.unknown': 'gone',
  'persona.not_found': 'gone',
  'precondition.failed': 'changed',
  'quota.exceeded': 'quota',
  'server.busy': 'busy',
  'store.full': 'unavailable',
  'store.unavailable': 'unavailable',
}

/** Why something did not work, for the person who tried it. @param own  words of the page that come first */
export function wordsOfProblem(words: General, { code }: Failure, own: OwnWords = {}): string {
  return own[code] ?? words[general[code] ?? 'server']
}

/** `wordsOfProblem` in the language of the page. */
export function useProblemWords(): (failure: Failure, own?: OwnWords) => string {
  const { outcome } = useWords(shell)
  return (failure, own) => wordsOfProblem(outcome, failure, own)
}
