/** Bodies slower than this are given up: 16 KiB a second, a bad mobile connection. */
const slowestBytesPerSecond = 16 * 1024

export type IdleDeadline = {
  /** Aborted with a `TimeoutError` when nothing moved for too long. */
  signal: AbortSignal
  /** Something moved: the clock starts anew. */
  touch(): void
  stop(): void
}

/**
 * A time limit for silence rather than for the whole call, so that a large backup over a slow line is not cut.
 *
 * @param idleMs  milliseconds without progress
 * @param unseenBytes  bytes whose progress cannot be observed (a body handed over whole); they get time at 16 KiB/s
 */
export function startIdleDeadline(idleMs: number, unseenBytes = 0): IdleDeadline {
  const controller = new AbortController()
  const expire = () => controller.abort(new DOMException('Nothing moved for too long', 'TimeoutError'))
  let timer = setTimeout(expire, idleMs + (unseenBytes / slowestBytesPerSecond) * 1000)
  let stopped = false
  return {
    signal: controller.signal,
    touch() {
      // A body may still be moving after its answer: that must not keep a process alive.
      if (stopped) return
      clearTimeout(timer)
      timer = setTimeout(expire, idleMs)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
