import type { InputHTMLAttributes, ReactNode, Ref } from 'react'

type FieldProps = InputHTMLAttributes<HTMLInputElement> & {
  id: string
  label: string
  /** Below the input, read out with it. */
  hint?: ReactNode
  /** Inside the input's frame, at its end. */
  end?: ReactNode
  ref?: Ref<HTMLInputElement>
}

/** A labelled text input. */
export function Field({ id, label, hint, end, ...input }: FieldProps) {
  const hintId = hint ? `${id}-hint` : undefined
  return (
    <div className="mt-5">
      <label htmlFor={id} className="block font-medium">
        {label}
      </label>
      <div className="mt-1.5 flex items-stretch rounded-xl border border-edge bg-card focus-within:border-ember focus-within:ring-2 focus-within:ring-ember">
        <input
          id={id}
          aria-describedby={hintId}
          className="min-w-0 flex-1 rounded-xl bg-transparent px-3.5 py-2.5 outline-none file:mr-3 file:cursor-pointer file:rounded-lg file:border-0 file:bg-line file:px-3 file:py-1 file:font-medium file:text-ink"
          {...input}
        />
        {end}
      </div>
      {hint ? (
        <div id={hintId} className="mt-1.5 text-sm text-soft">
          {hint}
        </div>
      ) : null}
    </div>
  )
}
