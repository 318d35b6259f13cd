import { connect } from '#app/_i18n/connect.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

/** The way to `/connect`. A page load of its own: only then may that page ask the https address (`connect-src`). */
export async function ConnectLink() {
  const { ask, link } = (await wordsOf(connect)).way
  return (
    <p className="text-soft">
      {ask}{' '}
      <a className="text-ember underline underline-offset-4" href="/connect">
        {link}
      </a>
    </p>
  )
}
