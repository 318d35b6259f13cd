'use client'

import { useState } from 'react'
import { setup } from '#app/_i18n/setup.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Outcome } from '#app/_server/outcome.ts'

type Failure = Extract<Outcome, { ok: false }>
type Words = (typeof setup)['en']

/** Answer a step: whole new pages follow, so that what the server shows is what it keeps. */
export function useSetup() {
  const words = useWords(setup)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)

  /**
   * @param next  where to go when it worked; null = stay
   * @param own  words of the page for some failures
   * @returns whether it worked
   */
  async function answer<T>(
    action: () => Promise<Outcome<T>>,
    next: string | null,
    own: (failure: Failure) => string | null = () => null,
  ): Promise<Extract<Outcome<T>, { ok: true }> | null> {
    setBusy(true)
    setTrouble(null)
    try {
      const outcome = await action()
      if (outcome.ok) {
        if (next === null) setBusy(false)
        else window.location.assign(next)
        return outcome
      }
      if (outcome.code === 'setup.closed') window.location.assign('/')
      else if (outcome.code === 'setup.not_claimed') window.location.assign('/setup')
      else {
        setTrouble(own(outcome) ?? wordsOf(words, outcome))
        setBusy(false)
      }
    } catch {
      setTrouble(words.trouble.offline)
      setBusy(false)
    }
    return null
  }

  return { words, busy, trouble, setTrouble, answer }
}

function wordsOf({ trouble, restore }: Words, { code, seconds, facts = {} }: Failure): string {
  switch (code) {
    case 'setup.code_refused':
      return trouble.code
    case 'rate.limited':
      return trouble.wait(seconds ?? 60)
    case 'setup.keeper_exists':
      return trouble.keeper
    case 'setup.restoring':
      return trouble.restoring
    case 'setup.unfinished':
      return trouble.unfinished
    case 'account.exists':
      return trouble.taken
    case 'auth.failed':
      return trouble.password
    case 'input.invalid':
      return trouble.invalid
    case 'config.refused':
      return `${trouble.refused} ${String(facts.faults ?? '')}`
    case 'certificate.unusable':
      return `${trouble.certificate} ${String(facts.reason ?? '')}`
    default:
      return restoreTrouble(restore.trouble, code) ?? trouble.server
  }
}

/** Null for what has nothing to do with a restore. */
export function restoreTrouble(words: Words['restore']['trouble'], code: Failure['code']): string | null {
  switch (code) {
    case 'restore.key_wrong':
      return words.key
    case 'restore.no_snapshots':
      return words.none
    case 'restore.source_away':
    case 'store.unavailable':
      return code === 'store.unavailable' ? words.store : words.away
    case 'store.full':
      return words.store
    case 'restore.damaged':
      return words.damaged
    case 'restore.not_empty':
      return words.kept
    case 'restore.two_disks':
      return words.disks
    default:
      return null
  }
}
