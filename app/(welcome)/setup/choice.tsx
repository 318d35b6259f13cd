import type { ReactNode } from 'react'

type Props = {
  name: string
  value: string
  label: string
  text?: string
  checked: boolean
  onChange: () => void
  /** What belongs to this one, while it is chosen. */
  children?: ReactNode
}

/** One of several ways, with what it means. */
export function Choice({ name, value, label, text, checked, onChange, children }: Props) {
  return (
    <div className={`rounded-xl border p-4 ${checked ? 'border-ember' : 'border-edge'}`}>
      <label className="flex cursor-pointer items-start gap-3">
        <input
          type="radio"
          name={name}
          value={value}
          checked={checked}
          onChange={onChange}
          className="mt-1.5 size-4 shrink-0 accent-ember"
        />
        <span className="min-w-0">
          <span className="block font-medium">{label}</span>
          {text ? <span className="block break-words text-sm text-soft">{text}</span> : null}
        </span>
      </label>
      {checked ? children : null}
    </div>
  )
}

/** @param legend  what is to be chosen */
export function Choices({ legend, children }: { legend: string; children: ReactNode }) {
  return (
    <fieldset className="mt-6">
      <legend className="font-medium">{legend}</legend>
      <div className="mt-2 grid grid-cols-1 gap-3">{children}</div>
    </fieldset>
  )
}
