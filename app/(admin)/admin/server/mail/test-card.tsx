'use client'

import { type FormEvent, useState } from 'react'
import { Card } from '#app/_components/card.tsx'
import { Field } from '#app/_components/field.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { TestMail } from '#app/_server/server-facts.ts'
import { sendTestMail } from '#app/(admin)/admin/server/actions.ts'

type Props = { isSet: boolean; recipient: string }
type Result = { recipient: string; came: TestMail }

/** Sends one mail and says what the mail server said. */
export function TestCard({ isSet, recipient }: Props) {
  const words = useWords(server).test
  const { busy, run } = useAction()
  const [result, setResult] = useState<Result | null>(null)

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const to = String(new FormData(event.currentTarget).get('recipient') ?? '').trim()
    setResult(null)
    const action = async () => {
      const outcome = await sendTestMail(to)
      if (outcome.ok) setResult({ recipient: to, came: outcome.value })
      return outcome
    }
    run({ action, done: null })
  }

  return (
    <Card id="test-heading" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{isSet ? words.lead : words.off}</p>
      {isSet ? (
        <form method="dialog" onSubmit={submit} className="max-w-xl">
          <Field
            id="recipient"
            name="recipient"
            type="email"
            label={words.recipient}
            defaultValue={recipient}
            required
          />
          <button type="submit" className={`${smallButton.main} mt-4`} disabled={busy} aria-busy={busy}>
            {busy ? words.sending : words.send}
          </button>
        </form>
      ) : null}
      <p role="status" className={`mt-4 max-w-prose break-words ${result?.came.taken === false ? 'text-bad' : ''}`}>
        {result ? wordsOfTest(result, words) : null}
      </p>
    </Card>
  )
}

function wordsOfTest({ recipient, came }: Result, words: (typeof server)['en']['test']): string {
  if (came.taken) return words.sent(recipient)
  const why = Object.hasOwn(words.why, came.code) ? words.why[came.code as keyof typeof words.why] : words.why.other
  return words.failed(why, [came.code, came.reply].filter(Boolean).join(' '))
}
