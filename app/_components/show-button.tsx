import { newPassword } from '#app/_i18n/new-password.ts'
import { useWords } from '#app/_i18n/use-words.ts'

/** At the end of a password field: lets its owner see what they typed. */
export function ShowButton({ visible, onClick }: { visible: boolean; onClick: () => void }) {
  const words = useWords(newPassword)
  return (
    <button
      type="button"
      aria-pressed={visible}
      onClick={onClick}
      className="rounded-xl px-3.5 text-sm font-medium text-ember"
    >
      {visible ? words.hide : words.show}
    </button>
  )
}
