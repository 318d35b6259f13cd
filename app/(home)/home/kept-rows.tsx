import type { ReactNode } from 'react'

/** Names with what is to be known of them, one a line. */
export function KeptRows({ children }: { children: ReactNode }) {
  return <ul className="mt-2 divide-y divide-line">{children}</ul>
}

export function KeptRow({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 py-2.5 last:pb-0">
      <span className="line-clamp-2 min-w-0 break-words font-medium">{name}</span>
      <span className="text-sm text-soft">{children}</span>
    </li>
  )
}
