import { useEffect, useRef } from 'react'

const minute = 60_000
const idleFor = 5 * minute
const hiddenFor = minute

/**
 * Call back when nobody touched the page for five minutes, or it was out of sight for one. Timers stand still while a
 * computer sleeps, so the clock is asked too; a page that browsers keep for the way back is closed as it goes.
 */
export function useIdleLock(isOpen: boolean, onIdle: () => void): void {
  const callback = useRef(onIdle)
  useEffect(() => {
    callback.current = onIdle
  })
  useEffect(() => {
    if (!isOpen) return
    let timer: ReturnType<typeof setTimeout>
    let deadline = Number.POSITIVE_INFINITY
    const lock = () => callback.current()
    const restart = () => {
      if (Date.now() >= deadline) return lock()
      clearTimeout(timer)
      const wait = document.hidden ? hiddenFor : idleFor
      deadline = Date.now() + wait
      timer = setTimeout(lock, wait)
    }
    const events = ['pointerdown', 'keydown', 'visibilitychange'] as const
    for (const event of events) document.addEventListener(event, restart)
    window.addEventListener('pagehide', lock)
    restart()
    return () => {
      clearTimeout(timer)
      for (const event of events) document.removeEventListener(event, restart)
      window.removeEventListener('pagehide', lock)
    }
  }, [isOpen])
}
