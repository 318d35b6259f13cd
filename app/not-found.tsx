import { Hearth } from '#app/_components/hearth.tsx'

export default function NotFound() {
  return (
    <main className="mx-auto max-w-2xl px-5 py-20">
      <Hearth />
      <h1 className="mt-6 text-3xl font-semibold tracking-tight">There is nothing here</h1>
      <p className="mt-3 text-soft">
        The address may be mistyped.{' '}
        <a className="text-ember underline underline-offset-4" href="/">
          Back to the start
        </a>
      </p>
    </main>
  )
}
