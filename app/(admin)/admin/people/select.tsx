import type { ReactNode } from 'react'

type Props = { id: string; name: string; label: string; defaultValue?: string; children: ReactNode }

/** A labelled choice of one of a few. */
export function Select({ id, label, children, ...select }: Props) {
  return (
    <div className="mt-5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <select
        id={id}
        className="mt-1.5 w-full rounded-xl border border-edge bg-card px-3.5 py-2.5 outline-none focus-visible:border-ember focus-visible:ring-2 focus-visible:ring-ember"
        {...select}
      >
        {children}
      </select>
    </div>
  )
}
