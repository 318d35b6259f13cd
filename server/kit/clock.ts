/** Where the time comes from; tests own it (style §7). */
export type Clock = {
  /** Wall-clock milliseconds since the epoch. May jump either way. */
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
