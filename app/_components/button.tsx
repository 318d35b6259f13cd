import type { ButtonHTMLAttributes } from 'react'

/** The one main action of a page. */
export function Button({ className = '', ...button }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="submit"
      className={`mt-7 w-full rounded-xl bg-ember px-5 py-3 font-semibold text-ember-ink transition-opacity hover:opacity-90 disabled:cursor-not-allowed disabled:opacity-60 ${className}`}
      {...button}
    />
  )
}
