import { createHash } from 'node:crypto'
import { addressGroup } from '#server/http/peer.ts'
import type { Clock } from '#server/kit/clock.ts'
import { isProblem, Problem, type ProblemCode } from '#server/kit/problem.ts'
import type { GuessRow, GuessStore } from './guess-store.ts'

/** How many wrong guesses close a door, and for how long: from one place at somebody, or from anywhere at somebody. */
export const guessRules = {
  place: { most: 20, milliseconds: 15 * 60_000 },
  anywhere: { most: 100, milliseconds: 24 * 3_600_000 },
} as const

const mostTallies = 20_000
/** Of the oldest tallies so many are looked at for the one that says the least. */
const looked = 64
const saveAfter = 500

/** What counts as a wrong guess; a busy server or a broken disk does not. */
const wrong: ReadonlySet<ProblemCode> = new Set([
  'auth.failed',
  'reset.refused',
  'invitation.refused',
  'log.code_refused',
  'pairing.refused',
  'setup.code_refused',
])

/** What the server writes down as it is; anything else was typed by a stranger and may be a mistyped password. */
const ownSubject =
  /^(?:(?:reset|recovery|proof) )?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^(?:invitation|log link|pairing|set-up code)$/

/** `count` has those under way as well, `wrong` only those that turned out so. */
type Tally = Omit<GuessRow, 'key'> & { count: number }

/** Nothing is kept: for tests, and where nothing outlives the process. */
const forgetful: GuessStore = { load: () => [], read: () => undefined, save: async () => {} }

type Try = {
  rule?: keyof typeof guessRules
  /** Called when this wrong guess was the last one. */
  onSpent?: () => Promise<void>
}

/**
 * Wrong passwords and codes, counted by whom they are for and where they come from: twenty in a quarter of an hour,
 * then nobody from there gets a try at that person, right or wrong, until it is over, whether the person exists or not.
 * With the rule `anywhere` the place does not count, and a hundred a day are the most (`password-guesses.ts`).
 *
 * Counted in memory and written down within half a second, so that a restart forgives nobody. What the keeper forgives
 * (`lockouts.ts`) is looked up when somebody is about to be refused. For reset codes it is always on, for passwords
 * while request throttles are (design §7).
 */
export class Guesses {
  readonly #tallies = new Map<string, Tally>()
  readonly #unsaved = new Set<string>()
  readonly #clock: Clock
  readonly #store: GuessStore
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor(clock: Clock, store: GuessStore = forgetful) {
    this.#clock = clock
    this.#store = store
    for (const { key, ...row } of store.load(clock.now(), mostTallies))
      this.#tallies.set(key, { ...row, count: row.wrong })
  }

  /**
   * Let nobody through who has used up their guesses, without counting one.
   *
   * @param subject  account id, or the name that was given when nobody has it
   * @param address  IP; a /64 counts as one place
   * @throws rate.limited with `Retry-After`, seconds
   */
  check(subject: string, address: string, rule: keyof typeof guessRules = 'place'): void {
    this.#open(subject, address, rule)
  }

  /**
   * Carry out one try. It is counted before it starts, so that a hundred at once are not all let in, and given back
   * unless it fails as a wrong guess (`wrong`).
   *
   * @throws rate.limited with `Retry-After`, seconds; what `attempt` throws
   */
  async guard<T>(
    subject: string,
    address: string,
    attempt: () => Promise<T>,
    { rule = 'place', onSpent }: Try = {},
  ): Promise<T> {
    const key = keyOf(subject, address, rule)
    const tally = this.#open(subject, address, rule)
    tally.count++
    this.#tallies.delete(key)
    this.#tallies.set(key, tally)
    if (this.#tallies.size > mostTallies) this.#forgetOne(key)
    let failed = false
    try {
      return await attempt()
    } catch (error) {
      failed = isProblem(error) && wrong.has(error.code)
      if (failed) {
        tally.wrong++
        this.#saveSoon(key)
        if (tally.wrong === guessRules[rule].most) await onSpent?.()
      }
      throw error
    } finally {
      if (!failed) tally.count--
    }
  }

  /** Write down what is not yet; before the database closes. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#save()
  }

  #open(subject: string, address: string, rule: keyof typeof guessRules): Tally {
    const now = this.#clock.now()
    const key = keyOf(subject, address, rule)
    const tally = this.#tallies.get(key)
    const { most, milliseconds } = guessRules[rule]
    const kept = ownSubject.test(subject) ? subject : null
    const fresh = (lifts: number) =>
      ({ subject: kept, address: addressGroup(address), rule, wrong: 0, count: 0, since: now, lifts }) satisfies Tally
    if (!tally) return fresh(0)
    // A clock moved back starts a new window rather than stretching the old one.
    if (now >= tally.since + milliseconds || now < tally.since) return fresh(tally.lifts)
    if (tally.count < most) return tally
    const lifts = this.#store.read(key)?.lifts ?? 0
    if (lifts > tally.lifts) return fresh(lifts)
    const seconds = Math.ceil((tally.since + milliseconds - now) / 1000)
    throw new Problem('rate.limited', { headers: { 'Retry-After': String(Math.max(1, seconds)) } })
  }

  /** Of the oldest the one with the fewest guesses: a flood of made-up names must not wash away who is being attacked. */
  #forgetOne(added: string): void {
    let least: { key: string; count: number } | null = null
    let seen = 0
    for (const [key, { count }] of this.#tallies) {
      if (key !== added && (least === null || count < least.count)) least = { key, count }
      if (++seen >= looked) break
    }
    if (least) this.#tallies.delete(least.key)
  }

  #saveSoon(key: string): void {
    this.#unsaved.add(key)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#save()
    }, saveAfter).unref()
  }

  #save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const keys = [...this.#unsaved]
      this.#unsaved.clear()
      const rows = keys.flatMap((key): GuessRow[] => {
        const tally = this.#tallies.get(key)
        if (!tally) return []
        const { count: _, ...row } = tally
        return [{ key, ...row }]
      })
      if (rows.length === 0) return
      try {
        await this.#store.save(rows, this.#clock.now())
      } catch {
        // A full disk only puts it off; the count in memory holds meanwhile.
        for (const { key } of rows) this.#unsaved.add(key)
      }
    })
    return this.#saving
  }
}

/** Hashed, because names come from strangers and may be long. */
function keyOf(subject: string, address: string, rule: keyof typeof guessRules): string {
  return createHash('sha256')
    .update(`${rule === 'place' ? addressGroup(address) : ''} ${subject}`)
    .digest('base64')
}
