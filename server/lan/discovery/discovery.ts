import { createHmac } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import type { Context } from '#server/context.ts'
import type { Link, Network } from './link.ts'
import type { Claim, Responder } from './responder.ts'
import type { Service } from './service-records.ts'

/** How long a new address or a network that came back may go unnoticed. */
const lookEvery = 5_000

type Open = { link: Link; responder: Responder; key: string }

export type DiscoveryState = {
  /** As it is listed in the house. */
  instance: string
  /** The machine's name that is announced. */
  host: string
  networks: { name: string; address: string; instance: Claim; host: Claim }[]
}

type Needs = Pick<Context, 'config' | 'log' | 'metrics' | 'secrets' | 'address' | 'httpsAddress' | 'certificates'>

/**
 * Makes this server known in every network the machine is in, and goes with the networks as they come and go. Nothing
 * depends on it: what does not work is said in the log once, and tried again.
 */
export class Discovery {
  readonly #ctx: Needs
  #service: Service | null = null
  readonly #open = new Map<string, Open>()
  readonly #told = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | null = null

  private constructor(ctx: Needs) {
    this.#ctx = ctx
  }

  /** Starts in the background, and says nothing while it is switched off or nobody in the house could come in anyway. */
  static start(ctx: Needs): Discovery {
    const discovery = new Discovery(ctx)
    ctx.metrics.gauge('hearthkeep_mdns_networks', 'Networks in which this server makes itself known', ['host'], () => {
      const counts = Map.groupBy(discovery.state?.networks ?? [], ({ host }) => host)
      return [...counts].map(([host, networks]) => [{ host: host.replace(' ', '_') }, networks.length])
    })
    discovery.#timer = setInterval(() => void discovery.look(), lookEvery).unref()
    void discovery.look()
    return discovery
  }

  /** Null while it says nothing. */
  get state(): DiscoveryState | null {
    if (!this.#service) return null
    const { instance, host } = this.#service
    const networks = [...this.#open.values()].map(({ link, responder }) => ({
      name: link.network.name,
      address: link.network.address,
      ...responder.claims,
    }))
    return { instance, host, networks }
  }

  /** Follow the networks, now. Never throws. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  /** Take everything back, so that nobody in the house looks for a server that is gone. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#looking
    await Promise.all([...this.#open.keys()].map((name) => this.#leave(name)))
  }

  async #look(): Promise<void> {
    const service = this.#ctx.config.mdns === 'on' ? describeService(this.#ctx) : null
    if (service === null || String(service.facts) !== String(this.#service?.facts))
      await Promise.all([...this.#open.keys()].map((name) => this.#leave(name)))
    this.#service = service
    if (service === null) return
    // Loaded where it is used: a server that only this machine reaches starts without it.
    const { readNetworks } = await import('./link.ts')
    const found = new Map(readNetworks().map((network) => [network.name, network]))
    for (const [name, { key }] of this.#open) {
      const network = found.get(name)
      if (!network || keyOf(network) !== key) await this.#leave(name)
    }
    for (const [name, network] of found) if (!this.#open.has(name)) await this.#enter(network, service)
  }

  async #enter(network: Network, service: Service): Promise<void> {
    const { log } = this.#ctx
    try {
      const [{ openLink }, { Responder }] = await Promise.all([import('./link.ts'), import('./responder.ts')])
      const link = await openLink(network)
      const responder = new Responder({
        link,
        service,
        isOwnAddress,
        onClaim: (part, claim) => this.#tell({ network: network.name, name: service[part] }, part, claim),
      })
      this.#open.set(network.name, { link, responder, key: keyOf(network) })
      log.debug({ network: network.name, addresses: network.addresses }, 'mDNS: making this server known')
    } catch (error) {
      this.#once(network.name, () =>
        log.warn(
          { network: network.name, reason: (error as NodeJS.ErrnoException).code ?? String(error) },
          'mDNS: cannot speak there; devices need the address instead of the name',
        ),
      )
    }
  }

  async #leave(name: string): Promise<void> {
    const open = this.#open.get(name)
    if (!open) return
    this.#open.delete(name)
    await open.responder.stop()
    open.link.close()
  }

  #tell(where: { network: string; name: string }, part: 'instance' | 'host', claim: Claim): void {
    const { log, metrics } = this.#ctx
    if (claim === 'ours') log.info(where, 'mDNS: this name leads here now')
    if (claim === 'answered here')
      this.#once(`${where.network} ${part}`, () =>
        log.info(where, 'mDNS: another program on this machine answers for this name'),
      )
    if (claim !== 'taken') return
    metrics.event('mdns.conflict')
    this.#once(`${where.network} ${part} taken`, () =>
      log.warn(
        where,
        'mDNS: another machine in the house has this name; give one of them another (HEARTHKEEP_HOSTNAME)',
      ),
    )
  }

  #once(what: string, tell: () => void): void {
    if (this.#told.has(what)) return
    this.#told.add(what)
    tell()
  }
}

/** @returns null while HTTPS is off: nobody could come in */
export function describeService({ config, secrets, address, httpsAddress, certificates }: Needs): Service | null {
  if (!httpsAddress || !certificates) return null
  // The same after a restore and with a new CA; says nothing about the key.
  const id = createHmac('sha256', secrets.serverKey).update('mdns id').digest('hex').slice(0, 16)
  const name = config.hostname.toLowerCase()
  const { ca } = certificates.current
  const host = name.endsWith('.local') ? name : `hearthkeep-${id.slice(0, 8)}.local`
  return {
    instance: `${name.split('.')[0]} ${id.slice(0, 8)}`,
    host,
    port: Number(new URL(httpsAddress).port || 443),
    facts: [
      'txtvers=1',
      'path=/connect',
      `url=${httpsAddress}`,
      `http=${new URL(address).port || 80}`,
      ...(ca ? [`ca=${ca.fingerprint256.replaceAll(':', '').toLowerCase()}`] : []),
      `id=${id}`,
    ],
  }
}

function isOwnAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((entries) => entries?.some((own) => own.address === address))
}

function keyOf({ address, cidr, addresses }: Network): string {
  return [address, cidr, ...addresses.toSorted()].join(' ')
}
