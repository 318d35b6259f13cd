'use client'

import { useCallback, useState } from 'react'
import { useSay } from '#app/_components/toasts.tsx'
import { otp as words } from '#app/_i18n/en/otp.ts'
import type { OpenedOtp, OtpPlace } from '#app/_server/otp.ts'
import { OpenPlace } from './open-place.tsx'
import { UnlockPlace } from './unlock-place.tsx'
import { useIdleLock } from './use-idle-lock.ts'

/** What is open: the PIN is kept as long as its codes are on the screen, to add more without asking again. */
export type Unlocked = { place: OtpPlace; pin: string; codes: OpenedOtp[] }

/** Places with their codes behind them; one is open at a time, and it closes by itself. */
export function Codes({ places }: { places: OtpPlace[] }) {
  const [unlocked, setUnlocked] = useState<Unlocked | null>(null)
  const say = useSay()
  const lock = useCallback(() => setUnlocked(null), [])
  useIdleLock(unlocked !== null, () => {
    lock()
    say({ words: words.list.locked, isBad: false })
  })

  const isThere = unlocked !== null && places.some(({ id }) => id === unlocked.place.id)
  if (!isThere) return <UnlockPlace places={places} onOpen={setUnlocked} />
  return <OpenPlace unlocked={unlocked} onChange={(codes) => setUnlocked({ ...unlocked, codes })} onLock={lock} />
}
