'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { setup } from '#app/_i18n/setup.ts'

const lookEvery = 1_000
const patience = 20

/** The doors are opened about a second after set-up has ended; until then this looks again and again. */
export function Opening({ words }: { words: Pick<(typeof setup)['en']['ready'], 'opening' | 'stuck'> }) {
  const router = useRouter()
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => {
      router.refresh()
      setLooks(looks + 1)
    }, lookEvery)
    return () => clearTimeout(timer)
  }, [looks, router])
  return (
    <p role="status" className="mt-3">
      {looks < patience ? words.opening : words.stuck}
    </p>
  )
}
