'use client'

import { lazy, Suspense, useCallback, useState } from 'react'
import { useSay } from '#app/_components/toasts.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { OpenedOtp, OtpPlace } from '#app/_server/otp.ts'
import { UnlockPlace } from './unlock-place.tsx'
import { useIdleLock } from './use-idle-lock.ts'

/** What is open: the PIN is kept as long as its codes are on the screen, to add more without asking again. */
type Unlocked = { placeId: number; pin: string; codes: OpenedOtp[] }

/** Comes while the PIN is typed: what makes codes and reads pictures is not needed before. */
const loadOpenPlace = async () => ({ default: (await import('./open-place.tsx')).OpenPlace })
const OpenPlace = lazy(loadOpenPlace)

/** Places with their codes behind them; one is open at a time, and it closes by itself. */
export function Codes({ places }: { places: OtpPlace[] }) {
  const words = useWords(otp).list
  const say = useSay()
  const [unlocked, setUnlocked] = useState<Unlocked | null>(null)
  const [wasClosed, setWasClosed] = useState(false)
  const close = useCallback((isByHand: boolean) => {
    setWasClosed(isByHand)
    setUnlocked(null)
  }, [])
  useIdleLock(unlocked !== null, () => {
    close(false)
    say({ words: words.closed, isBad: false })
  })

  const place = unlocked && places.find(({ id }) => id === unlocked.placeId)
  if (!place) return <UnlockPlace places={places} wantsFocus={wasClosed} onReach={loadOpenPlace} onOpen={setUnlocked} />
  return (
    <Suspense fallback={<div aria-busy="true" className="h-36 rounded-2xl bg-line motion-safe:animate-pulse" />}>
      <OpenPlace
        place={place}
        pin={unlocked.pin}
        codes={unlocked.codes}
        onChange={(codes) => setUnlocked((now) => now && { ...now, codes })}
        onClose={() => close(true)}
      />
    </Suspense>
  )
}
