'use client'

import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { Skipped } from '#client/surfaces/otp/otp-file.ts'

/** Entries of a file that cannot be taken, by name or place. */
export function LeftOut({ skipped }: { skipped: Skipped[] }) {
  const words = useWords(otp).review
  if (skipped.length === 0) return null
  return (
    <details className="mt-3">
      <summary className="w-fit cursor-pointer rounded text-sm font-medium">{words.leftOut(skipped.length)}</summary>
      <p className="mt-1 text-sm text-soft">{words.leftOutText}</p>
      <ul className="mt-1 list-disc pl-5 text-sm">
        {skipped.map(({ what }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two may be called the same, and the list stays as it is
          <li key={at} className="break-words">
            {placeIn(what, words)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The readers of files say places in English: `line 4`, `entry 2`. Anything else is a name. */
function placeIn(what: string, words: (typeof otp)['en']['review']): string {
  const [, kind, number = '', size = ''] = /^(line|entry|service|QR code) (\d+)(?: of (\d+))?$/.exec(what) ?? []
  if (what === 'an unnamed entry') return words.unnamed
  if (kind === 'QR code') return words.part(number, size)
  if (kind === 'line') return words.line(number)
  return kind === undefined ? what : words.entry(number)
}
