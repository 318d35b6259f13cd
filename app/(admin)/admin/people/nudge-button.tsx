'use client'

import { Ago } from '#app/_components/ago.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { useAction } from '#app/_components/use-action.ts'
import { people } from '#app/_i18n/people.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ListedPerson } from '#app/_server/people.ts'
import { remind } from './actions.ts'

type Props = { person: Pick<ListedPerson, 'id' | 'name' | 'mayNudge' | 'nudgedAt' | 'isNudgeStanding'>; now: number }

/** Asks somebody to look at their backups; says when that was done, while it still stands. */
export function NudgeButton({ person: { id, name, mayNudge, nudgedAt, isNudgeStanding }, now }: Props) {
  const words = useWords(people).nudge
  const say = useSay()
  const { busy, run } = useAction()

  function ask() {
    let byMail = false
    const action = async () => {
      const outcome = await remind(id)
      if (outcome.ok) byMail = outcome.value.byMail
      return outcome
    }
    const own = { 'account.nudged_today': words.today, 'input.invalid': words.fine }
    run({ action, done: words.onPage, own }, () => say({ words: byMail ? words.byMail : words.onPage, isBad: false }))
  }

  return (
    <>
      {isNudgeStanding && nudgedAt !== null ? (
        <span className="text-sm text-soft">
          {words.asked} <Ago at={nudgedAt} now={now} />
        </span>
      ) : null}
      {mayNudge ? (
        <button
          type="button"
          className={smallButton.quiet}
          aria-label={words.doOf(name)}
          aria-busy={busy}
          disabled={busy}
          onClick={ask}
        >
          {words.do}
        </button>
      ) : null}
    </>
  )
}
