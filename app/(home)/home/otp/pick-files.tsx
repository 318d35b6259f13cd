'use client'

import { type DragEvent, useEffect, useRef, useState } from 'react'
import { smallButton } from '#app/_components/small-button.ts'
import { otp } from '#app/_i18n/otp.ts'
import { useWords } from '#app/_i18n/use-words.ts'

type Props = { busy: boolean; onFiles: (files: File[]) => void; onCamera: () => void }

/** Where pictures and files come in: chosen, dropped, pasted, or by the camera. */
export function PickFiles({ busy, onFiles, onCamera }: Props) {
  const words = useWords(otp).add
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  usePaste(onFiles)

  function drop(event: DragEvent) {
    event.preventDefault()
    setOver(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) onFiles(files)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button does the same for those who drop nothing
    <div
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={`mt-4 rounded-xl border border-dashed px-4 py-5 ${isOver ? 'border-ember bg-paper' : 'border-edge'}`}
    >
      <div className="flex flex-wrap gap-3">
        {isCameraThere() ? (
          <button type="button" className={smallButton.main} onClick={onCamera}>
            {words.camera}
          </button>
        ) : null}
        <button
          type="button"
          className={isCameraThere() ? smallButton.quiet : smallButton.main}
          disabled={busy}
          aria-busy={busy}
          onClick={() => input.current?.click()}
        >
          {words.file}
        </button>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
      <p role="status" className="mt-3 text-sm text-soft">
        {busy ? words.reading : isOver ? words.dropNow : words.drop}
      </p>
      {isCameraThere() ? null : <p className="mt-1 text-sm text-soft">{words.noCamera}</p>}
    </div>
  )
}

/** Browsers give cameras to pages that came over TLS, or from this very machine. */
function isCameraThere(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === 'function'
}

/** Pictures and files that are pasted anywhere; text only beside the fields, which take their own. */
function usePaste(onFiles: (files: File[]) => void): void {
  const take = useRef(onFiles)
  useEffect(() => {
    take.current = onFiles
  })
  useEffect(() => {
    function paste(event: ClipboardEvent) {
      const { files } = event.clipboardData ?? {}
      const text = event.clipboardData?.getData('text/plain') ?? ''
      const isInField = event.target instanceof Element && event.target.closest('input, textarea, select') !== null
      if (files && files.length > 0) take.current([...files])
      else if (text.trim() !== '' && !isInField) take.current([new File([text], '', { type: 'text/plain' })])
      else return
      event.preventDefault()
    }
    document.addEventListener('paste', paste)
    return () => document.removeEventListener('paste', paste)
  }, [])
}
