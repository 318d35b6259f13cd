import Link from 'next/link'
import { smallButton } from '#app/_components/small-button.ts'
import { personas as area } from '#app/_i18n/personas.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

/** The way between pages of a long list. @param page  from 1 */
export async function Pager({ page, pages }: { page: number; pages: number }) {
  const words = await wordsOf(area)
  if (pages <= 1) return null
  return (
    <nav aria-label={words.pages} className="flex flex-wrap items-center gap-3 border-t border-line py-4">
      {page > 1 ? (
        <Link href={`/home/personas?page=${page - 1}`} prefetch={false} className={smallButton.quiet}>
          {words.newer}
        </Link>
      ) : null}
      <span className="text-sm text-soft">{words.page(page, pages)}</span>
      {page < pages ? (
        <Link href={`/home/personas?page=${page + 1}`} prefetch={false} className={smallButton.quiet}>
          {words.older}
        </Link>
      ) : null}
    </nav>
  )
}
