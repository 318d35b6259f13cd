'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'

const lookEvery = 1_000
const patience = 20

/** The doors are opened about a second after set-up has ended; until then this looks again and again. */
export function Opening({ opening, stuck }: { opening: string; stuck: string }) {
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
      {looks < patience ? opening : stuck}
    </p>
  )
}
