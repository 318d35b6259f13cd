import type { MachineClock } from './clock.ts'
import type { Log } from './log.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** A clock that is further off than this from what can have passed is in doubt. */
const tolerated = day
/** So long a clock has to stay where it is, with the server running, to be believed. */
const proving = day
/** Of the time between two looks counts no more than this: a machine that sleeps proves nothing. */
const mostBetweenLooks = 5 * minute
const savedEvery = hour

/** What outlives a restart. Times in milliseconds. */
export type SeenTime = {
  /** The time that was believed when it was written down, and the machine's uptime then; null from another machine. */
  at: number
  uptime: number | null
  doubt: Doubt | null
}

/** Where a clock in doubt stood, at which uptime, and for how long the server has run since it went there. */
type Doubt = { at: number; uptime: number | null; ran: number }

export type SeenStore = { load(): SeenTime | null; save(seen: SeenTime): Promise<void> }

type Needs = { clock: MachineClock; log: Log }

/**
 * The time by which things are old enough to be deleted. A machine whose clock is wrong until the network has set it, or
 * was set wrong by hand, must not lose its history at once: what the clock says counts only as far as the uptime bears
 * it out, or the clock has stayed so for a day. Until then time goes on from where it was last believed, so that nothing
 * grows old faster than it does. A server that was off looks the same, and has to run for a day.
 *
 * A clock that was put back makes everything look younger, which harms nothing; after a day it is believed as well.
 */
export class SettledTime {
  readonly #needs: Needs
  readonly #store: SeenStore
  #seen: { at: number; uptime: number }
  #doubt: { at: number; uptime: number; ran: number } | null
  #lookedAt: number
  #savedAt: number | null = null

  constructor(needs: Needs, store: SeenStore) {
    this.#needs = needs
    this.#store = store
    const uptime = needs.clock.uptime()
    const known = store.load()
    // A lower uptime is another run of the machine: how long it was off, nobody knows.
    const explained = (since: number | null) => (since === null ? 0 : Math.max(0, uptime - since))
    this.#seen = { at: known ? known.at + explained(known.uptime) : needs.clock.now(), uptime }
    const doubt = known?.doubt ?? null
    this.#doubt = doubt && { at: doubt.at + explained(doubt.uptime), uptime, ran: doubt.ran }
    this.#lookedAt = uptime
  }

  /** Milliseconds since the epoch, never later than the clock says. */
  now(): number {
    const { now, believed } = this.#read()
    return now - believed > tolerated ? believed : now
  }

  /** How far the clock is ahead, and how long the server has to run until it is believed, milliseconds; null = it is. */
  get doubt(): { ahead: number; left: number } | null {
    const { now, believed } = this.#read()
    if (now - believed <= tolerated) return null
    return { ahead: now - believed, left: proving - (this.#doubt?.ran ?? 0) }
  }

  /** Follow the clock; to be called every minute or so. @throws store.* when it could not be written down */
  async look(): Promise<void> {
    const { log } = this.#needs
    const { now, uptime, believed } = this.#read()
    const passed = Math.min(uptime - this.#lookedAt, mostBetweenLooks)
    this.#lookedAt = uptime
    const before = this.#doubt
    const facts = { days: Math.round(((now - believed) / day) * 10) / 10 }
    if (Math.abs(now - believed) <= tolerated) {
      this.#believe(now, uptime)
      if (before) log.info('the clock is where it is expected again')
    } else if (!before || Math.abs(now - before.at - (uptime - before.uptime)) > tolerated) {
      this.#doubt = { at: now, uptime, ran: 0 }
      if (now > believed)
        log.warn(facts, 'the clock is far ahead of when it was last seen; nothing is deleted for its new age for a day')
      else log.warn(facts, 'the clock is far behind of when it was last seen')
    } else if (before.ran + passed >= proving) {
      this.#believe(now, uptime)
      log.info(facts, 'the clock has stayed where it is for a day, and is believed')
    } else this.#doubt = { at: now, uptime, ran: before.ran + passed }

    const hasTurned = (before === null) !== (this.#doubt === null) || this.#doubt?.ran === 0
    if (hasTurned || this.#savedAt === null || uptime - this.#savedAt >= savedEvery) await this.#save()
  }

  /** Write down what was seen last, if this process looked at all. */
  async settle(): Promise<void> {
    if (this.#savedAt !== null) await this.#save()
  }

  #read(): { now: number; uptime: number; believed: number } {
    const [now, uptime] = [this.#needs.clock.now(), this.#needs.clock.uptime()]
    return { now, uptime, believed: this.#seen.at + Math.max(0, uptime - this.#seen.uptime) }
  }

  #believe(at: number, uptime: number): void {
    this.#seen = { at, uptime }
    this.#doubt = null
  }

  async #save(): Promise<void> {
    const { uptime, believed } = this.#read()
    await this.#store.save({ at: believed, uptime, doubt: this.#doubt })
    this.#savedAt = uptime
  }
}
