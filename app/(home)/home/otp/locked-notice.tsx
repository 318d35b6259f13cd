'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'

const second = 1000
const minute = 60 * second

/** A place that takes no PIN for a while; the page is asked for anew when that is over. @param lockedFor  milliseconds */
export function LockedNotice({ lockedFor }: { lockedFor: number }) {
  const words = useWords(otp).unlock
  const router = useRouter()
  const [left, setLeft] = useState(lockedFor)
  useEffect(() => {
    const end = Date.now() + lockedFor
    const timer = setInterval(() => {
      setLeft(end - Date.now())
      if (Date.now() < end + second) return
      clearInterval(timer)
      router.refresh()
    }, second)
    return () => clearInterval(timer)
  }, [lockedFor, router])
  return (
    <>
      <Notice>{words.locked}</Notice>
      <p className="mt-3 text-soft">{words.lockedFor(Math.max(1, Math.ceil(left / minute)))}</p>
    </>
  )
}
