import { createHash } from 'node:crypto'
import { addressGroup } from '#server/http/peer.ts'
import type { Clock } from '#server/kit/clock.ts'
import { isProblem, Problem, type ProblemCode } from '#server/kit/problem.ts'

const most = 20
const windowMilliseconds = 15 * 60_000
const mostTallies = 20_000

/** What counts as a wrong guess; a busy server or a broken disk does not. */
const wrong: ReadonlySet<ProblemCode> = new Set([
  'auth.failed',
  'reset.refused',
  'invitation.refused',
  'log.code_refused',
  'setup.code_refused',
])

type Tally = { count: number; since: number }

/**
 * Wrong passwords and codes, counted by whom they are for and where they come from: twenty in a quarter of an hour,
 * then nobody from there gets a try at that person, right or wrong, until it is over, whether the person exists or not.
 * In memory: a restart forgives. For reset codes it is always on, for passwords while request throttles are (design §7).
 */
export class Guesses {
  readonly #tallies = new Map<string, Tally>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Let nobody through who has used up their guesses, without counting one.
   *
   * @param subject  account id, or the name that was given when nobody has it
   * @param address  IP; a /64 counts as one place
   * @throws rate.limited with `Retry-After`, seconds
   */
  check(subject: string, address: string): void {
    this.#open(keyOf(subject, address))
  }

  /**
   * Carry out one try. It is counted before it starts, so that a hundred at once are not all let in, and given back
   * unless it fails as a wrong guess (`wrong`).
   *
   * @throws rate.limited with `Retry-After`, seconds; what `attempt` throws
   */
  async guard<T>(subject: string, address: string, attempt: () => Promise<T>): Promise<T> {
    const key = keyOf(subject, address)
    const tally = this.#open(key)
    tally.count++
    this.#tallies.delete(key)
    this.#tallies.set(key, tally)
    if (this.#tallies.size > mostTallies) this.#forgetOldest()
    let failed = false
    try {
      return await attempt()
    } catch (error) {
      failed = isProblem(error) && wrong.has(error.code)
      throw error
    } finally {
      if (!failed) tally.count--
    }
  }

  #open(key: string): Tally {
    const now = this.#clock.now()
    const tally = this.#tallies.get(key)
    // A clock moved back starts a new window rather than stretching the old one.
    if (!tally || now >= tally.since + windowMilliseconds || now < tally.since) return { count: 0, since: now }
    if (tally.count < most) return tally
    const seconds = Math.ceil((tally.since + windowMilliseconds - now) / 1000)
    throw new Problem('rate.limited', { headers: { 'Retry-After': String(Math.max(1, seconds)) } })
  }

  #forgetOldest(): void {
    const oldest = this.#tallies.keys().next().value
    if (oldest !== undefined) this.#tallies.delete(oldest)
  }
}

/** Hashed, because names come from strangers and may be long. */
function keyOf(subject: string, address: string): string {
  return createHash('sha256')
    .update(`${addressGroup(address)} ${subject}`)
    .digest('base64')
}
