import { overview } from '#app/_i18n/overview.ts'
import { wordsOf } from '#app/_i18n/words-of.ts'
import type { Overview } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'

/** Where one-time codes are kept, and how many. */
export async function KeptCodes({ devices }: { devices: Overview['otpDevices'] }) {
  const { codes: words } = await wordsOf(overview)
  if (devices.length === 0) return <p className="mt-2 text-soft">{words.empty}</p>
  return (
    <KeptRows>
      {devices.map(({ id, name, otps }) => (
        <KeptRow key={id} name={name === '' ? words.nameless : name}>
          {otps === 0 ? words.none : words.count(otps)}
        </KeptRow>
      ))}
    </KeptRows>
  )
}
