import { useEffect, useRef } from 'react'

const minute = 60_000
const idleFor = 5 * minute
const hiddenFor = minute

/** Call back when nobody touched the page for five minutes, or it was out of sight for one. */
export function useIdleLock(isOpen: boolean, onIdle: () => void): void {
  const callback = useRef(onIdle)
  useEffect(() => {
    callback.current = onIdle
  })
  useEffect(() => {
    if (!isOpen) return
    let timer: ReturnType<typeof setTimeout>
    const restart = () => {
      clearTimeout(timer)
      timer = setTimeout(() => callback.current(), document.hidden ? hiddenFor : idleFor)
    }
    const events = ['pointerdown', 'keydown', 'visibilitychange'] as const
    for (const event of events) document.addEventListener(event, restart)
    restart()
    return () => {
      clearTimeout(timer)
      for (const event of events) document.removeEventListener(event, restart)
    }
  }, [isOpen])
}
