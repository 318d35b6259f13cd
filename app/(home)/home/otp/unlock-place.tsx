'use client'

import { useState } from 'react'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp, OtpPlace } from '#app/_server/otp.ts'
import { LockedNotice } from './locked-notice.tsx'
import { ManagePlace } from './manage-place.tsx'
import { PinForm } from './pin-form.tsx'
import { useNameOf } from './use-otp-trouble.ts'

type Props = {
  places: OtpPlace[]
  /** Whether somebody just closed a place, and goes on here. */
  wantsFocus: boolean
  /** Somebody is about to open a place. */
  onReach: () => void
  onOpen: (opened: { placeId: number; pin: string; codes: OpenedOtp[] }) => void
}

/** Choose a place, give its PIN. */
export function UnlockPlace({ places, wantsFocus, onReach, onOpen }: Props) {
  const words = useWords(otp)
  const nameOf = useNameOf()
  const [chosen, setChosen] = useState(places[0]?.id)
  const place = places.find(({ id }) => id === chosen) ?? places[0]
  if (!place) return null

  return (
    <section aria-label={words.unlock.places} className="rounded-2xl border border-line bg-card p-5 sm:p-6">
      {places.length === 1 ? (
        <PlaceName name={nameOf(place)} count={words.place.count(place.codes)} />
      ) : (
        <ul className="grid gap-2">
          {places.map((one) => (
            <li key={one.id}>
              <label className="flex cursor-pointer items-center gap-3 rounded-xl border border-line px-4 py-2.5 has-checked:border-ember has-focus-visible:ring-2 has-focus-visible:ring-ember">
                <input
                  type="radio"
                  name="place"
                  className="size-4 shrink-0 accent-ember"
                  checked={one.id === place.id}
                  onChange={() => setChosen(one.id)}
                />
                <PlaceName name={nameOf(one)} count={words.place.count(one.codes)} />
              </label>
            </li>
          ))}
        </ul>
      )}
      {place.lockedFor > 0 ? (
        <LockedNotice key={`${place.id} ${place.lockedFor}`} lockedFor={place.lockedFor} />
      ) : (
        <PinForm key={place.id} place={place} wantsFocus={wantsFocus} onReach={onReach} onOpen={onOpen} />
      )}
      <div className="mt-6 border-t border-line pt-4">
        <ManagePlace place={place} />
      </div>
    </section>
  )
}

function PlaceName({ name, count }: { name: string; count: string }) {
  return (
    <span className="block min-w-0">
      <span className="block break-words font-medium">{name}</span>
      <span className="block text-sm text-soft">{count}</span>
    </span>
  )
}
