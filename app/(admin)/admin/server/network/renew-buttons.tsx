'use client'

import { AskFirst } from '#app/_components/ask-first.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { useAction } from '#app/_components/use-action.ts'
import { server } from '#app/_i18n/server.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { renewCertificate, replaceAuthority } from '#app/(admin)/admin/server/actions.ts'

/** A new certificate, which nobody notices, or a new authority, which everybody does. */
export function RenewButtons() {
  const words = useWords(server).certificate
  const guard = useGuard()
  const { busy, run } = useAction()
  return (
    <>
      <button
        type="button"
        className={smallButton.main}
        disabled={busy}
        aria-busy={busy}
        onClick={() => run({ action: () => guard(renewCertificate), done: words.renewed })}
      >
        {words.renew}
      </button>
      <AskFirst
        words={words.replace}
        heading={words.replace}
        action={() => guard(replaceAuthority)}
        done={words.replaced}
      >
        {words.replaceText}
      </AskFirst>
    </>
  )
}
