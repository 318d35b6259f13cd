import type { IconName } from '#app/_components/icon.tsx'
import type { shell } from '#app/_i18n/en/shell.ts'

/** A part of the pages behind sign-in, as the navigation names it. */
export type Section = {
  href: string
  /** What it is called in `shell.nav`, and its picture in `icon.tsx`. */
  name: keyof (typeof shell)['nav'] & IconName
  /** Under the thumb where there is no room for all; four at most, the rest is behind “More”. */
  inBar?: true
}

/** Whether somebody at `path` is in the section at `href`; the first page of an area is only itself. */
export function isOpenAt(path: string, href: string): boolean {
  const isFirstPage = href.lastIndexOf('/') === 0
  return path === href || (!isFirstPage && path.startsWith(`${href}/`))
}
