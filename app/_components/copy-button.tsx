'use client'

import { useState } from 'react'

type CopyButtonProps = {
  text: string
  /** On the button. */
  words: { copy: string; copied: string }
  /** For screen readers, what it copies. */
  label: string
}

/** Puts text on the clipboard, also where the page came over plain HTTP. */
export function CopyButton({ text, words, label }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    setCopied(await copyText(text))
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <button
      type="button"
      aria-label={copied ? words.copied : label}
      onClick={copy}
      className="shrink-0 rounded-lg border border-edge px-3 py-1.5 text-sm font-medium hover:border-ember hover:text-ember"
    >
      <span aria-live="polite">{copied ? words.copied : words.copy}</span>
    </button>
  )
}

/** Browsers give the clipboard to pages they hold for secure only; the old way works everywhere. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  const field = document.createElement('textarea')
  field.value = text
  field.setAttribute('readonly', '')
  document.body.append(field)
  field.select()
  const copied = document.execCommand('copy')
  field.remove()
  return copied
}
