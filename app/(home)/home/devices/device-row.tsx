import type { ReactNode } from 'react'

/** Devices one below the other. */
export function DeviceRows({ children }: { children: ReactNode }) {
  return <ul className="mt-3 divide-y divide-line">{children}</ul>
}

type Props = {
  name: string
  /** Beside the name. */
  mark?: string | null
  about: ReactNode
  /** What can be done with it. */
  children?: ReactNode
}

export function DeviceRow({ name, mark = null, about, children }: Props) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
      <div className="min-w-0">
        <p className="break-words font-medium">
          {name}
          {mark ? <span className="ml-2 text-sm font-normal text-good">{mark}</span> : null}
        </p>
        <p className="text-sm text-soft">{about}</p>
      </div>
      {children}
    </li>
  )
}
