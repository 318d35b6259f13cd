import type { ReactNode } from 'react'

type Props = {
  id: string
  name: string
  label: string
  defaultValue?: string
  onChange?: (value: string) => void
  children: ReactNode
}

/** A labelled list to choose one of; it begins with the first. */
export function Select({ id, label, onChange, children, ...select }: Props) {
  return (
    <div className="mt-5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <select
        id={id}
        onChange={(event) => onChange?.(event.target.value)}
        className="mt-1.5 w-full rounded-xl border border-edge bg-card px-3.5 py-2.5 outline-none focus-visible:border-ember focus-visible:ring-2 focus-visible:ring-ember"
        {...select}
      >
        {children}
      </select>
    </div>
  )
}
