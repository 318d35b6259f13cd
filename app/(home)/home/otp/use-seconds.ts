import { useEffect, useState } from 'react'

const second = 1000

/** The time, as each second of the clock begins. @returns milliseconds */
export function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      setNow(Date.now())
      timer = setTimeout(tick, second - (Date.now() % second))
    }
    tick()
    return () => clearTimeout(timer)
  }, [])
  return now
}
