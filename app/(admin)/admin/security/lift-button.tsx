'use client'

import { Act } from '#app/_components/act.tsx'
import { useGuard } from '#app/_components/guard.tsx'
import { useWords } from '#app/_i18n/use-words.ts'
import { watch } from '#app/_i18n/watch.ts'
import { liftLock } from './actions.ts'

/** Lets somebody try again at once. */
export function LiftButton({ lockKey, name }: { lockKey: string; name: string }) {
  const { locks: words } = useWords(watch)
  const guard = useGuard()
  return (
    <Act
      action={() => guard(() => liftLock(lockKey))}
      done={words.lifted}
      own={{ not_found: words.over }}
      label={words.liftOf(name)}
    >
      {words.lift}
    </Act>
  )
}
