'use client'

import { Icon } from '#app/_components/icon.tsx'
import { useAction } from '#app/_components/use-action.ts'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { signOut } from './sign-out-action.ts'

/** Ends this session. */
export function SignOut() {
  const words = useWords(shell)
  const { busy, run } = useAction()
  return (
    <button
      type="button"
      disabled={busy}
      // A whole new page, so that nothing of the member's stays in this one's memory.
      onClick={() => run({ action: signOut, done: words.signedOut }, () => window.location.assign('/sign-in'))}
      className="inline-flex min-h-9 items-center gap-2 rounded-lg font-medium text-soft hover:text-ember"
    >
      <Icon name="leave" />
      {words.signOut}
    </button>
  )
}
