import type { RequestListener } from 'node:http'
import { CertificateKeeper } from '#server/lan/certificate-keeper.ts'
import { fileSource } from '#server/lan/file-source.ts'
import { LocalCa } from '#server/lan/local-ca.ts'
import type { Context } from './context.ts'
import { type Listener, listenEverywhere, listenOnLoopback, listenSecurely } from './listen.ts'

/** How soon the house is let in after set-up was finished. */
const lookEvery = 1_000

/**
 * Where this server listens. Loopback only until set-up is finished; from then on HTTPS on all addresses, and plain
 * HTTP there too, for those who do not know the way to HTTPS yet, a proxy, or `HEARTHKEEP_LAN_HTTP=full`
 * (design §6, §7).
 */
export class Doors {
  readonly #ctx: Context
  readonly #answer: RequestListener
  #plain: Listener | null = null
  #secure: Listener | null = null
  /** The one before set-up was finished, while its last requests are answered. */
  #narrow: Listener | null = null
  #timer: NodeJS.Timeout | undefined

  private constructor(ctx: Context, answer: RequestListener) {
    this.#ctx = ctx
    this.#answer = answer
  }

  /** @throws when a port is in use, or there is no certificate to show */
  static async open(ctx: Context, answer: RequestListener): Promise<Doors> {
    const doors = new Doors(ctx, answer)
    if (isSetUp(ctx)) await doors.#listenSecurely()
    const listen = doors.#reachesHouse() ? listenEverywhere : listenOnLoopback
    doors.#plain = await listen(answer, ctx.config.httpPort)
    ctx.address = `http://127.0.0.1:${doors.#plain.port}`
    return doors
  }

  /** Let the house in as soon as set-up is finished, if it is not yet. @param opened  told when that has happened */
  whenSetUp(opened: () => Promise<void>): void {
    if (isSetUp(this.#ctx)) return
    this.#timer = setInterval(() => {
      if (!isSetUp(this.#ctx)) return
      clearInterval(this.#timer)
      this.#letHouseIn()
        .then(opened)
        .catch((error) => this.#ctx.log.error({ error }, 'the house could not be let in; a restart tries again'))
    }, lookEvery).unref()
  }

  /** Take no new requests; resolves when those under way are answered, or after `milliseconds`. */
  async drain(milliseconds: number): Promise<void> {
    clearInterval(this.#timer)
    this.#ctx.certificates?.stop()
    const listeners = [this.#plain, this.#secure, this.#narrow].filter((listener) => listener !== null)
    const hurry = setTimeout(() => {
      for (const listener of listeners) listener.cut()
    }, milliseconds)
    await Promise.all(listeners.map((listener) => listener.drain()))
    clearTimeout(hurry)
  }

  async #letHouseIn(): Promise<void> {
    await this.#listenSecurely()
    const narrow = this.#plain
    if (!narrow || !this.#reachesHouse()) return
    // An address cannot be widened: the narrow socket goes first, while its open connections live on.
    this.#narrow = narrow
    void narrow.drain()
    try {
      this.#plain = await listenEverywhere(this.#answer, narrow.port)
    } catch (error) {
      this.#plain = await listenOnLoopback(this.#answer, narrow.port)
      throw error
    }
  }

  /** Whether plain HTTP is spoken beyond this machine; what is said there is the front door's business. */
  #reachesHouse(): boolean {
    const { lanHttp, tls } = this.#ctx.config
    return isSetUp(this.#ctx) && (this.#secure !== null || lanHttp === 'full' || tls === 'proxy')
  }

  async #listenSecurely(): Promise<void> {
    const ctx = this.#ctx
    const { httpsPort, isHttpsPortChosen, hostname } = ctx.config
    const source = certificateSource(ctx)
    if (httpsPort === 'off' || !source) return
    const certificates = await CertificateKeeper.open(source, ctx)
    this.#secure = await listenSecurely(this.#answer, httpsPort, certificates).catch((error) => {
      if (isHttpsPortChosen || error?.code !== 'EADDRINUSE') throw error
      ctx.log.warn({ port: httpsPort }, 'the usual port for HTTPS is in use; another one is taken')
      return listenSecurely(this.#answer, 0, certificates)
    })
    certificates.watch()
    ctx.certificates = certificates
    const address = new URL(`https://${hostname}`)
    address.port = String(this.#secure.port)
    ctx.httpsAddress = address.origin
  }
}

function isSetUp(ctx: Context): boolean {
  return ctx.settings.values.setUpAt !== null
}

function certificateSource(ctx: Context) {
  const { tls, tlsFiles } = ctx.config
  if (tls === 'files' && tlsFiles) return fileSource(tlsFiles)
  return tls === 'local-ca' ? new LocalCa(ctx) : null
}
