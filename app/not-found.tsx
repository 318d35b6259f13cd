import { Hearth } from '#app/_components/hearth.tsx'
import { welcome } from '#app/_i18n/welcome.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

export default async function NotFound() {
  const { nothingHere: words } = await wordsOf(welcome)
  return (
    <main className="mx-auto max-w-2xl px-5 py-20">
      <Hearth />
      <h1 className="mt-6 text-3xl font-semibold tracking-tight">{words.heading}</h1>
      <p className="mt-3 text-soft">
        {words.lead}{' '}
        <a className="text-ember underline underline-offset-4" href="/">
          {words.back}
        </a>
      </p>
    </main>
  )
}
