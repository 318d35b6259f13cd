import { shell } from '#app/_i18n/en/shell.ts'

/** The shape of a page while it is on its way. */
export default function Loading() {
  return (
    <div aria-busy="true" className="animate-pulse motion-reduce:animate-none">
      <span className="sr-only">{shell.loading}</span>
      <div className="h-8 w-48 rounded-lg bg-line" />
      <div className="mt-6 h-36 rounded-2xl bg-line" />
      <div className="mt-5 h-36 rounded-2xl bg-line" />
    </div>
  )
}
