import { uptime } from 'node:os'

/** Where the time comes from; tests own it (style §7). */
export type Clock = {
  /** Wall-clock milliseconds since the epoch. May jump either way. */
  now(): number
}

/** The clock of a machine, with what tells a jump from time that passed. */
export type MachineClock = Clock & {
  /** Milliseconds since the machine started, sleep included; setting the wall clock does not move it. */
  uptime(): number
}

export const systemClock: MachineClock = { now: () => Date.now(), uptime: () => uptime() * 1000 }
