'use client'

import { smallButton } from '#app/_components/small-button.ts'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** @param text  asked for at the moment of the click: a code may have changed since it was drawn */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const words = useWords(otp).list
  const say = useSay()
  async function copy() {
    try {
      await navigator.clipboard.writeText(text())
      say({ words: words.copied, isBad: false })
    } catch {
      say({ words: words.copyFailed, isBad: true })
    }
  }
  return (
    <button type="button" className={smallButton.quiet} aria-label={words.copyOf(label)} onClick={copy}>
      {words.copy}
    </button>
  )
}
