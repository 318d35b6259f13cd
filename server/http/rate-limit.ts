import type { Clock } from '#server/kit/clock.ts'
import { Problem } from '#server/kit/problem.ts'
import { addressGroup } from './peer.ts'

/** A token bucket: `perSecond` refills it, `burst` is its size. */
export type RateLimit = { name: string; perSecond: number; burst: number }

const mostBuckets = 50_000

/** Buckets by limit and address, in memory: a restart forgives. */
export class RateLimiter {
  /** Milliseconds at which each bucket will be full again (GCRA). */
  readonly #fullAt = new Map<string, number>()
  readonly #clock: Clock
  readonly #config: { rateLimit: boolean }

  constructor(clock: Clock, config: { rateLimit: boolean }) {
    this.#clock = clock
    this.#config = config
  }

  /**
   * @param address  an IP address, or whatever else has a share of its own
   * @param cost  how much of the bucket this takes; at most `burst`
   * @throws rate.limited with `Retry-After` and `x-ratelimit-after`, seconds (contract C §2)
   */
  take(limit: RateLimit, address: string, cost = 1): void {
    if (!this.#config.rateLimit) return
    const key = `${limit.name} ${addressGroup(address)}`
    const interval = 1000 / limit.perSecond
    const now = this.#clock.now()
    // A clock moved back must not lock anybody out for longer than a bucket takes to fill.
    const fullAt = Math.min(this.#fullAt.get(key) ?? 0, now + interval * limit.burst)
    const next = Math.max(fullAt, now) + interval * cost
    const wait = next - (now + interval * limit.burst)
    if (wait > 0) {
      const seconds = String(Math.max(1, Math.ceil(wait / 1000)))
      throw new Problem('rate.limited', { headers: { 'Retry-After': seconds, 'x-ratelimit-after': seconds } })
    }
    this.#fullAt.delete(key)
    this.#fullAt.set(key, next)
    if (this.#fullAt.size > mostBuckets) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const oldest = this.#fullAt.keys().next().value
    if (oldest !== undefined) this.#fullAt.delete(oldest)
  }
}
