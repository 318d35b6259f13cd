import { en } from '#app/_i18n/en.ts'

/** At the end of a password field: lets its owner see what they typed. */
export function ShowButton({ visible, onClick }: { visible: boolean; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={visible}
      onClick={onClick}
      className="rounded-xl px-3.5 text-sm font-medium text-ember"
    >
      {visible ? en.reset.choose.hide : en.reset.choose.show}
    </button>
  )
}
