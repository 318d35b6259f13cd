import { shell } from '#app/_i18n/shell.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

/** The shape of a page while it is on its way. */
export async function PageLoading() {
  const words = await wordsOf(shell)
  return (
    <div aria-busy="true" className="animate-pulse motion-reduce:animate-none">
      <span className="sr-only">{words.loading}</span>
      <div className="h-8 w-48 rounded-lg bg-line" />
      <div className="mt-6 h-36 rounded-2xl bg-line" />
      <div className="mt-5 h-36 rounded-2xl bg-line" />
    </div>
  )
}
