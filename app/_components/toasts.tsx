'use client'

import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import { shell } from '#app/_i18n/shell.ts'
import { useWords } from '#app/_i18n/use-words.ts'
import { smallButton } from './small-button.ts'

type Toast = {
  words: string
  isBad: boolean
  /** Takes back what was done. */
  undo?: { label: string; run: () => void }
  /** Until it is dismissed: it holds something to read off. */
  stays?: boolean
}

type Say = (toast: Toast) => void

const Saying = createContext<Say>(() => {})
const shownFor = 8_000

/** Say below what came of something, whatever becomes of the button that started it. */
export function useSay(): Say {
  return useContext(Saying)
}

/** Holds the one message of the page; it is read out, and goes by itself unless it is bad news or can be undone. */
export function Toasts({ children }: { children: ReactNode }) {
  const { dismiss } = useWords(shell)
  const [toast, setToast] = useState<Toast | null>(null)
  const say = useCallback((next: Toast) => setToast(next), [])
  useEffect(() => {
    if (!toast || toast.isBad || toast.undo || toast.stays) return
    const timer = setTimeout(() => setToast(null), shownFor)
    return () => clearTimeout(timer)
  }, [toast])

  return (
    <Saying.Provider value={say}>
      {children}
      <div
        role="status"
        className="pointer-events-none fixed inset-x-0 bottom-20 z-20 flex justify-center px-4 lg:bottom-6"
      >
        {toast ? (
          <div
            className={`pointer-events-auto flex max-w-lg flex-wrap items-center gap-3 rounded-xl border bg-card px-4 py-3 shadow-lg ${toast.isBad ? 'border-bad text-bad' : 'border-edge'}`}
          >
            <span className="min-w-0 flex-1 break-words">{toast.words}</span>
            {toast.undo ? (
              <button
                type="button"
                className={smallButton.main}
                onClick={() => {
                  setToast(null)
                  toast.undo?.run()
                }}
              >
                {toast.undo.label}
              </button>
            ) : null}
            <button type="button" className={smallButton.quiet} onClick={() => setToast(null)}>
              {dismiss}
            </button>
          </div>
        ) : null}
      </div>
    </Saying.Provider>
  )
}
