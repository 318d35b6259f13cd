import { Card } from '#app/_components/card.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'

/** The way back, step by step, and how to try it without harm. */
export async function RestoreCard({ from }: { from: string | null }) {
  const { restore: words, kit } = await wordsOf(snapshots)
  return (
    <Card id="restore" heading={words.heading}>
      <ol className="mt-2 max-w-prose list-decimal space-y-1 pl-5">
        {words.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Command>hearthkeep restore --from {from ?? kit.foldFrom}</Command>
      <p className="mt-4 max-w-prose">{words.drill}</p>
      <Command>hearthkeep snapshot drill</Command>
      <p className="mt-2 max-w-prose text-sm text-soft">{words.why}</p>
    </Card>
  )
}

function Command({ children }: { children: React.ReactNode }) {
  return <pre className="mt-2 whitespace-pre-wrap break-all rounded-lg bg-line p-2 text-sm">{children}</pre>
}
