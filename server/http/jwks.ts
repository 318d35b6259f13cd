import { createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from 'jose'
import type { Clock } from '#server/kit/clock.ts'
import type { Log } from '#server/kit/log.ts'
import { Problem } from '#server/kit/problem.ts'
import { discover } from './discovery.ts'
import { readJson } from './fetch-json.ts'

/** Whose keys; with neither address nor discovery document there are none. */
export type JwksSource = {
  issuer: string
  /** Null = what the issuer's discovery document says (OpenID Connect Discovery §4). */
  jwksUrl: string | null
}

type Key = Awaited<ReturnType<ReturnType<typeof createLocalJWKSet>>>

/** The key sets of one issuer, as of now. */
export type IssuerKeys = {
  /**
   * The key that a token's header names by `kid`. One that is not known yet is looked for at the issuer, which may
   * have begun to use it just now, but at most once in 30 seconds.
   *
   * @returns null when there is no such key, or more than one
   */
  find(header: JWSHeaderParameters): Promise<Key | null>
}

type Held = { find: ReturnType<typeof createLocalJWKSet>; fetchedAt: number }

const goodForMilliseconds = 60 * 60_000
const staleAfterMilliseconds = 60_000
const searchEveryMilliseconds = 30_000

/** Public keys of other services, fetched when they are needed and kept in memory (factor-backup §5.4 step 2). */
export class JwksCache {
  readonly #held = new Map<string, Held>()
  readonly #underWay = new Map<string, Promise<Held>>()
  readonly #searchedAt = new Map<string, number>()
  readonly #clock: Clock
  readonly #log: Log

  constructor({ clock, log }: { clock: Clock; log: Log }) {
    this.#clock = clock
    this.#log = log
  }

  /**
   * Keys younger than an hour; those older than a minute are fetched anew in the background.
   *
   * @throws server.failed when there are none and the issuer cannot be asked
   */
  async of(source: JwksSource): Promise<IssuerKeys> {
    const name = source.jwksUrl ?? source.issuer
    const held = this.#held.get(name)
    const age = held ? this.#since(held.fetchedAt) : Number.POSITIVE_INFINITY
    if (held && age > staleAfterMilliseconds && age < goodForMilliseconds) void this.#fetchQuietly(name, source)
    const keys = held && age < goodForMilliseconds ? held : await this.#fetch(name, source)
    return { find: (header) => this.#find(name, source, keys, header) }
  }

  async #find(name: string, source: JwksSource, keys: Held, header: JWSHeaderParameters): Promise<Key | null> {
    const key = await findIn(keys, header)
    if (key !== undefined) return key
    if (this.#since(this.#searchedAt.get(name) ?? Number.NEGATIVE_INFINITY) < searchEveryMilliseconds) return null
    this.#searchedAt.set(name, this.#clock.now())
    const newer = await this.#fetchQuietly(name, source)
    return (newer && (await findIn(newer, header))) ?? null
  }

  async #fetchQuietly(name: string, source: JwksSource): Promise<Held | null> {
    return this.#fetch(name, source).catch(() => null)
  }

  /** One request at a time for each issuer, whoever waits for it. */
  #fetch(name: string, source: JwksSource): Promise<Held> {
    const underWay = this.#underWay.get(name)
    if (underWay) return underWay
    const fetching = fetchKeys(source)
      .then((set) => {
        const held = { find: createLocalJWKSet(set), fetchedAt: this.#clock.now() }
        this.#held.set(name, held)
        return held
      })
      .catch((cause: unknown) => {
        this.#log.warn({ issuer: source.issuer, cause: String(cause) }, 'the keys of an issuer could not be fetched')
        throw new Problem('server.failed', { cause })
      })
      .finally(() => this.#underWay.delete(name))
    this.#underWay.set(name, fetching)
    return fetching
  }

  /** A clock that went back makes everything old. */
  #since(time: number): number {
    const age = this.#clock.now() - time
    return age < 0 ? Number.POSITIVE_INFINITY : age
  }
}

async function fetchKeys({ issuer, jwksUrl }: JwksSource): Promise<JSONWebKeySet> {
  return (await readJson(jwksUrl ?? (await discover(issuer)).jwksUrl)) as JSONWebKeySet
}

/** @returns undefined for a `kid` that nobody has, null where it is not clear which key is meant or it is no good */
async function findIn({ find }: Held, header: JWSHeaderParameters): Promise<Key | null | undefined> {
  try {
    return await find(header)
  } catch (error) {
    return error instanceof errors.JWKSNoMatchingKey ? undefined : null
  }
}
