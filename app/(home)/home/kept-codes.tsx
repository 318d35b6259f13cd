import { otp } from '#app/_i18n/en/otp.ts'
import { overview } from '#app/_i18n/en/overview.ts'
import type { Overview } from '#app/_server/home.ts'
import { KeptRow, KeptRows } from './kept-rows.tsx'

const words = overview.codes

/** Where one-time codes are kept, and how many. */
export function KeptCodes({ devices }: { devices: Overview['otpDevices'] }) {
  if (devices.length === 0) return <p className="mt-2 text-soft">{words.empty}</p>
  return (
    <KeptRows>
      {devices.map(({ id, name, otps }) => (
        <KeptRow key={id} name={name === '' ? otp.nameless : name}>
          {otps === 0 ? words.none : words.count(otps)}
        </KeptRow>
      ))}
    </KeptRows>
  )
}
