import { newPassword } from '#app/_i18n/new-password.ts'
import { useWords } from '#app/_i18n/use-words.ts'

const colours = ['bg-bad', 'bg-bad', 'bg-ember', 'bg-good', 'bg-good']

/** Four bars and a word. @param strength  0 (too short) to 4 (strong) */
export function StrengthMeter({ strength, shown }: { strength: number; shown: boolean }) {
  const words = useWords(newPassword)
  const bar = (place: number) => (shown && place < Math.max(strength, 1) ? colours[strength] : 'bg-line')
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden="true" className="flex flex-1 gap-1.5">
        {[0, 1, 2, 3].map((place) => (
          <span key={place} className={`h-1.5 flex-1 rounded-full ${bar(place)}`} />
        ))}
      </span>
      <span aria-live="polite" className="min-w-24 text-right">
        <span className="sr-only">{words.strengthLabel}: </span>
        {shown ? words.strength[strength] : ' '}
      </span>
    </span>
  )
}
