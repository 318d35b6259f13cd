'use client'

import { useGuard } from '#app/_components/guard.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { watch } from '#app/_i18n/watch.ts'
import { askForExport } from './actions.ts'

/** What the filter shows, all of it, as one file. @param query  of the page, with its question mark */
export function ExportButton({ query }: { query: string }) {
  const words = useWords(watch)
  const guard = useGuard()
  const { busy, run } = useAction()
  const begin = () => window.location.assign(`/admin/security/export${query}`)
  return (
    <button
      type="button"
      className={smallButton.quiet}
      disabled={busy}
      aria-busy={busy}
      onClick={() => run({ action: () => guard(askForExport), done: words.exporting }, begin)}
    >
      {words.export}
    </button>
  )
}
