import type { SecureContextOptions } from 'node:tls'
import type { Clock } from '#server/kit/clock.ts'
import type { Log } from '#server/kit/log.ts'
import type { CertificateSource, Credentials } from './credentials.ts'

/** How long a new file, address or end of a certificate may go unnoticed. */
const lookEvery = 3_000

/** A listener whose certificate can be swapped under its open connections (`tls.Server`). */
type Swappable = { setSecureContext(options: SecureContextOptions): void }

/**
 * Holds the credentials in use, looks at their source again and again, and hands new ones to the listeners without a
 * restart. What cannot be used is said in the log, and the old ones stay.
 */
export class CertificateKeeper {
  readonly #source: CertificateSource
  readonly #clock: Clock
  readonly #log: Log
  readonly #listeners = new Set<Swappable>()
  #current: Credentials
  #trouble: string | null = null
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | null = null

  private constructor(source: CertificateSource, first: Credentials, { clock, log }: { clock: Clock; log: Log }) {
    this.#source = source
    this.#current = first
    this.#clock = clock
    this.#log = log
    if (this.#isOver(first)) log.warn({ ended: first.leaf.validTo }, 'the certificate has come to its end')
  }

  /** @throws what the source throws: without a certificate there is nothing to serve */
  static async open(source: CertificateSource, tools: { clock: Clock; log: Log }): Promise<CertificateKeeper> {
    return new CertificateKeeper(source, await source.read(), tools)
  }

  get current(): Credentials {
    return this.#current
  }

  /** Why the newest credentials are not the ones in use, in words; null when they are. */
  get trouble(): string | null {
    return this.#trouble
  }

  /** Keep this listener's certificate new from now on. */
  serve(listener: Swappable): void {
    this.#listeners.add(listener)
  }

  watch(): void {
    this.#timer ??= setInterval(() => void this.look(), lookEvery).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Whether new credentials can be made here. */
  get renews(): boolean {
    return this.#source.renew !== undefined
  }

  /** Have new credentials made, and use them. @throws what the source throws */
  async renew(): Promise<void> {
    await this.#source.renew?.()
    await this.look()
  }

  /** As `renew`, under a new CA. */
  async replaceCa(): Promise<void> {
    await this.#source.replaceCa?.()
    await this.look()
  }

  /** Look once, now. Never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    try {
      const found = await this.#source.read()
      const same = found.certificate === this.#current.certificate && found.key === this.#current.key
      if (!same) this.#use(found)
      this.#trouble = null
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      if (words !== this.#trouble)
        this.#log.warn({ reason: words }, 'the new certificate cannot be used; the old one stays')
      this.#trouble = words
    }
  }

  #use(found: Credentials): void {
    if (this.#isOver(found) && !this.#isOver(this.#current))
      throw new Error(`The new certificate ended on ${found.leaf.validToDate.toISOString()}`)
    for (const listener of this.#listeners) listener.setSecureContext(secureOptions(found))
    this.#current = found
    this.#log.info({ until: found.leaf.validTo, names: found.leaf.subjectAltName }, 'a new certificate is in use')
  }

  #isOver({ leaf }: Credentials): boolean {
    return leaf.validToDate.getTime() <= this.#clock.now()
  }
}

export function secureOptions({ certificate, key }: Credentials): SecureContextOptions {
  return { cert: certificate, key, minVersion: 'TLSv1.2' }
}
