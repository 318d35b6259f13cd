import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

type Props = { icon: IconName; heading: string; children: ReactNode }

/** Where a list will be, and how something comes into it. */
export function EmptyState({ icon, heading, children }: Props) {
  return (
    <div className="rounded-2xl border border-dashed border-edge px-6 py-10 text-center">
      <Icon name={icon} className="mx-auto size-9 text-ember" />
      <h2 className="mt-3 text-lg font-semibold">{heading}</h2>
      <div className="mx-auto mt-1 max-w-md text-soft">{children}</div>
    </div>
  )
}
