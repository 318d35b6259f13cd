'use client'

import { useEffect, useId, useRef, useState } from 'react'
import { Notice } from '#app/_components/notice.tsx'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { type CameraTrouble, watchCamera } from './watch-camera.ts'

type Props = {
  /** Codes of a transfer that takes several, once there is one of them. */
  progress: { got: number; size: number } | null
  /** @returns whether the text was of use */
  onText: (text: string) => boolean
  onClose: () => void
}

/** The camera, in a dialog, until it has seen what it was opened for. It is off as soon as the dialog is gone. */
export function ScanCamera({ progress, onText, onClose }: Props) {
  const words = useWords(otp).camera
  const dialog = useRef<HTMLDialogElement>(null)
  const video = useRef<HTMLVideoElement>(null)
  const tell = useRef(onText)
  const id = useId()
  const [tries, setTries] = useState(0)
  const [state, setState] = useState<'starting' | 'running' | CameraTrouble>('starting')
  const [isUseless, setUseless] = useState(false)
  useEffect(() => {
    tell.current = onText
  })
  useEffect(() => dialog.current?.showModal(), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try starts the camera anew
  useEffect(() => {
    const gone = new AbortController()
    if (!video.current) return
    setState('starting')
    const { signal } = gone
    void watchCamera(
      video.current,
      signal,
      () => setState('running'),
      (text) => setUseless(!tell.current(text)),
    ).then((trouble) => trouble && setState(trouble))
    return () => gone.abort()
  }, [tries])

  const isRunning = state === 'running'
  const isTrouble = !isRunning && state !== 'starting'
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-6 text-ink backdrop:bg-black/50"
    >
      <h2 id={id} className="text-lg font-semibold">
        {words.heading}
      </h2>
      <video
        ref={video}
        muted
        playsInline
        aria-label={words.heading}
        className={`mt-4 aspect-square w-full rounded-xl bg-black object-cover ${isTrouble ? 'hidden' : ''}`}
      />
      {isTrouble ? <Notice>{words[state]}</Notice> : null}
      <p role="status" className={isTrouble ? 'sr-only' : 'mt-4 min-h-12 text-soft'}>
        {state === 'starting' ? words.starting : null}
        {isRunning && isUseless ? words.notACode : null}
        {isRunning && !isUseless ? (progress ? words.part(progress.got, progress.size) : words.point) : null}
      </p>
      <div className="mt-4 flex flex-wrap justify-end gap-3">
        {isTrouble ? (
          <button type="button" className={smallButton.quiet} onClick={() => setTries(tries + 1)}>
            {words.again}
          </button>
        ) : null}
        <button type="button" className={smallButton.main} onClick={() => dialog.current?.close()}>
          {progress ? words.done : words.cancel}
        </button>
      </div>
    </dialog>
  )
}
