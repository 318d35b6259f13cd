'use client'

import { notices } from '#app/_i18n/notices.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { Act } from './act.tsx'
import { dismissNotices } from './notice-actions.ts'

type Props = { which: Parameters<typeof dismissNotices>[0]; label?: string; children: string }

/** Takes notices off the page; they stay in the list of what happened. */
export function DismissButton({ which, label, children }: Props) {
  const { dismissed } = useWords(notices)
  return (
    <Act action={() => dismissNotices(which)} done={dismissed} {...(label ? { label } : {})}>
      {children}
    </Act>
  )
}
