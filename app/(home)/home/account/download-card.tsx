'use client'

import { Card } from '#app/_components/card.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { account } from '#app/_i18n/account.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { askForDownload } from './actions.ts'

/** Everything as one file; the browser does the downloading, so nothing of it is held by the page. */
export function DownloadCard() {
  const words = useWords(account).download
  const guard = useGuard()
  const { busy, run } = useAction()
  const begin = () => window.location.assign('/home/account/download')
  return (
    <Card id="download" heading={words.heading}>
      <p className="mt-2 max-w-prose text-soft">{words.lead}</p>
      <p className="mt-2 max-w-prose text-sm text-soft">{words.sealed}</p>
      <button
        type="button"
        className={`${smallButton.quiet} mt-4`}
        disabled={busy}
        aria-busy={busy}
        onClick={() => run({ action: () => guard(askForDownload), done: words.started }, begin)}
      >
        {busy ? words.starting : words.start}
      </button>
    </Card>
  )
}
