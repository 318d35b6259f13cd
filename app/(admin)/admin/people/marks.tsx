import type { people } from '#app/_i18n/people.ts'
import type { ListedPerson } from '#app/_server/people.ts'

type Props = { person: ListedPerson; isYou: boolean; words: (typeof people)['en']['list'] }

/** What is to be known of somebody beside their name. */
export function Marks({ person: { role, door }, isYou, words }: Props) {
  const marks = [
    isYou ? { text: words.you, look: 'border-edge text-soft' } : null,
    role === 'admin' ? { text: words.admin, look: 'border-ember text-ember' } : null,
    door === 'disabled' ? { text: words.disabled, look: 'border-bad text-bad' } : null,
    door === 'leaving' ? { text: words.leaving, look: 'border-bad text-bad' } : null,
  ].filter((mark) => mark !== null)
  return marks.map(({ text, look }) => (
    <span
      key={text}
      className={`ml-2 inline-block whitespace-nowrap rounded-md border px-1.5 py-0.5 align-middle text-xs font-medium ${look}`}
    >
      {text}
    </span>
  ))
}
