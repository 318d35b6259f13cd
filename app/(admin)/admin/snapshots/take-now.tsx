'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Act } from '#app/_components/act.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { snapshots } from '#app/_i18n/snapshots.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { WorkState } from '#app/_server/snapshots.ts'
import { lookAtSnapshot, takeSnapshot } from './actions.ts'

const lookEvery = 1_000

/** Makes a snapshot at once, and shows how far it is. */
export function TakeNow({ initial, mayAdopt }: { initial: WorkState | null; mayAdopt: boolean }) {
  const { state: words } = useWords(snapshots)
  const router = useRouter()
  const [work, setWork] = useState(initial)
  useEffect(() => setWork(initial), [initial])
  const isRunning = work !== null && work.endedAt === null
  useEffect(() => {
    if (!isRunning) return
    const timer = setInterval(async () => {
      const outcome = await lookAtSnapshot().catch(() => null)
      if (!outcome?.ok) return
      setWork(outcome.value)
      if (outcome.value?.endedAt !== null) router.refresh()
    }, lookEvery)
    return () => clearInterval(timer)
  }, [isRunning, router])
  if (isRunning) {
    const { done, total } = work.progress ?? { done: 0, total: 0 }
    return (
      <div className="mt-4">
        <p role="status" className="font-medium">
          {words.running}
        </p>
        {total > 0 ? (
          <>
            <UsageBar used={done} total={total} label={words.progress(done, total)} />
            <p className="mt-1.5 text-sm text-soft">{words.progress(done, total)}</p>
          </>
        ) : null}
      </div>
    )
  }
  return (
    <div className="mt-4">
      {work?.failure ? <p className="mb-3 break-words text-bad">{words.failedNow(work.failure)}</p> : null}
      <div className="flex flex-wrap gap-2">
        <Act look="main" action={() => takeSnapshot(false)} done={words.started}>
          {words.now}
        </Act>
        {mayAdopt ? (
          <AskFirst
            words={words.adopt}
            heading={words.adopt}
            look="quiet"
            confirm={words.now}
            action={() => takeSnapshot(true)}
            done={words.started}
          >
            <p>{words.adoptText}</p>
          </AskFirst>
        ) : null}
      </div>
    </div>
  )
}
