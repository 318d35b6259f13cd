'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { Act } from '#app/_components/act.tsx'
import { storage } from '#app/_i18n/storage.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { checkEverything, lookAtWork } from './actions.ts'

const lookEvery = 1_500

/** Has everything read, and shows how far that is. */
export function CheckNow({ isChecking }: { isChecking: boolean }) {
  const { care: words } = useWords(storage)
  const router = useRouter()
  useEffect(() => {
    if (!isChecking) return
    const timer = setInterval(async () => {
      const outcome = await lookAtWork().catch(() => null)
      if (outcome?.ok) router.refresh()
    }, lookEvery)
    return () => clearInterval(timer)
  }, [isChecking, router])
  return (
    <div className="mt-3">
      {isChecking ? (
        <p role="status" className="font-medium">
          {words.checking}
        </p>
      ) : (
        <Act action={checkEverything} done={words.checking}>
          {words.checkNow}
        </Act>
      )}
    </div>
  )
}
