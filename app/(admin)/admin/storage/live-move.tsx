'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Act } from '#app/_components/act.tsx'
import { Ago } from '#app/_components/ago.tsx'
import { AskFirst } from '#app/_components/ask-first.tsx'
import { BadBadge } from '#app/_components/badge.tsx'
import { Card } from '#app/_components/card.tsx'
import { formatSize } from '#app/_components/format-size.ts'
import { useGuard } from '#app/_components/guard.tsx'
import { UsageBar } from '#app/_components/usage-bar.tsx'
import { useLanguage } from '#app/_i18n/language-provider.tsx'
import { storage } from '#app/_i18n/storage.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import type { ShownMove } from '#app/_server/storage.ts'
import { cancelMove, keepOldCopies, lookAtWork, removeOldCopies, retryMove } from './actions.ts'
import { wordsOfPlace } from './place-words.ts'

const lookEvery = 1_500

/** A move that is under way, as it goes. */
export function LiveMove({ initial, now }: { initial: ShownMove; now: number }) {
  const { move: words, where } = useWords(storage)
  const language = useLanguage()
  const { move, at } = useMove(initial, now)
  const { phase, count, trouble, to, removeAt } = move
  const size = (bytes: number) => formatSize(bytes, language)
  const place = wordsOfPlace(to, where)
  const isCopying = phase === 'copying' || phase === 'switched'
  const said = words.progress(count.movedObjects, count.objects, size(count.movedBytes), size(count.bytes))
  return (
    <Card
      id="move"
      heading={phase === 'resting' ? words.over : words.underWay}
      end={trouble ? <BadBadge>{words.paused}</BadBadge> : undefined}
    >
      <p className="mt-2 break-words">
        {place.name} <span className="break-all font-mono text-sm text-soft">{place.address}</span>
      </p>
      <p role="status" className="mt-3 font-medium">
        {words.phase[phase]}
      </p>
      {isCopying ? (
        <>
          <UsageBar
            used={count.objects === 0 ? 1 : count.movedObjects}
            total={Math.max(1, count.objects)}
            label={said}
          />
          <p className="mt-1.5 text-sm text-soft">
            {said}
            {move.left === null ? null : <>, {words.left(timeInWords(words, move.left))}</>}
          </p>
        </>
      ) : null}
      {count.faults > 0 ? <p className="mt-2">{words.faults(count.faults)}</p> : null}
      {phase === 'resting' ? (
        <p className="mt-2">
          {removeAt === null ? (
            words.restAlways
          ) : (
            <>
              {words.restUntil} <Ago at={removeAt} now={at} exact />
            </>
          )}
        </p>
      ) : null}
      {trouble ? <p className="mt-2 break-words">{words.pausedWhy(trouble.reason)}</p> : null}
      <MoveButtons move={move} />
    </Card>
  )
}

function MoveButtons({ move: { phase, trouble } }: { move: ShownMove }) {
  const { move: words } = useWords(storage)
  const guard = useGuard()
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      {trouble ? (
        <Act look="main" action={retryMove} done={words.retried}>
          {words.retry}
        </Act>
      ) : null}
      {phase === 'copying' ? (
        <AskFirst
          words={words.cancel}
          heading={words.cancelHeading}
          action={() => guard(cancelMove)}
          done={words.cancelled}
        >
          <p>{words.cancelText}</p>
        </AskFirst>
      ) : null}
      {phase === 'resting' ? (
        <AskFirst
          words={words.removeOld}
          heading={words.removeOldHeading}
          action={() => guard(removeOldCopies)}
          done={words.removingOld}
        >
          <p>{words.removeOldText}</p>
        </AskFirst>
      ) : null}
      {phase === 'resting' || (trouble && (phase === 'removing' || phase === 'clearing')) ? (
        <AskFirst
          words={words.keepOld}
          heading={words.keepOldHeading}
          look="quiet"
          action={() => guard(keepOldCopies)}
          done={words.keptOld}
        >
          <p>{words.keepOldText}</p>
        </AskFirst>
      ) : null}
    </div>
  )
}

/** Asks the server again and again; the page is made anew when a part of the way is done. */
function useMove(initial: ShownMove, now: number): { move: ShownMove; at: number } {
  const router = useRouter()
  const [seen, setSeen] = useState({ move: initial, at: now })
  useEffect(() => setSeen({ move: initial, at: now }), [initial, now])
  const isResting = initial.phase === 'resting'
  const phase = initial.phase
  useEffect(() => {
    if (isResting) return
    let isLooking = false
    const timer = setInterval(async () => {
      if (isLooking || document.hidden) return
      isLooking = true
      const outcome = await lookAtWork().catch(() => null)
      isLooking = false
      if (!outcome?.ok || !outcome.value.move) return
      setSeen({ move: outcome.value.move, at: outcome.value.now })
      if (outcome.value.move.phase !== phase) router.refresh()
    }, lookEvery)
    return () => clearInterval(timer)
  }, [isResting, phase, router])
  return seen
}

function timeInWords(
  words: { seconds: (n: number) => string; minutes: (n: number) => string; hours: (n: number) => string },
  milliseconds: number,
): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000))
  if (seconds < 90) return words.seconds(seconds)
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? words.minutes(minutes) : words.hours(Math.round(minutes / 60))
}
