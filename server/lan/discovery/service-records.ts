import type { DnsRecord } from './messages.ts'

export const serviceType = '_hearthkeep._tcp.local'
const allServices = '_services._dns-sd._udp.local'

/** Seconds: what an address change makes wrong, and the rest (RFC 6762 §10). */
const lifetime = { address: 120, other: 4_500 }

/** What this server says of itself in the house. */
export type Service = {
  /** One of a kind, e.g. `hearth 1a2b3c4d`. */
  instance: string
  /** The machine's name in the house; what the addresses are published under. */
  host: string
  /** Of HTTPS. */
  port: number
  /** `key=value`, the version of this list first (RFC 6763 §6.7). */
  facts: string[]
}

export type Published = {
  /** The list of servers of this kind, and of kinds of servers. */
  shared: DnsRecord[]
  /** This server. */
  instance: DnsRecord[]
  /** The machine: its addresses, and that it has no others. */
  host: DnsRecord[]
}

export function instanceName({ instance }: Pick<Service, 'instance'>): string {
  return `${instance}.${serviceType}`
}

/** @param addresses  of this machine where the records are heard */
export function recordsOf(service: Service, addresses: string[]): Published {
  const name = instanceName(service)
  const { host, port, facts } = service
  const own = { class: 'IN', flush: true } as const
  const data = facts.map((fact) => Buffer.from(fact))
  const kinds = addresses.map((address) => (address.includes(':') ? 'AAAA' : 'A'))
  return {
    shared: [
      { type: 'PTR', class: 'IN', name: serviceType, ttl: lifetime.other, data: name },
      { type: 'PTR', class: 'IN', name: allServices, ttl: lifetime.other, data: serviceType },
    ],
    instance: [
      { ...own, type: 'SRV', name, ttl: lifetime.address, data: { priority: 0, weight: 0, port, target: host } },
      { ...own, type: 'TXT', name, ttl: lifetime.other, data },
    ],
    host: [
      ...addresses.map(
        (address, at): DnsRecord => ({
          ...own,
          type: kinds[at] ?? 'A',
          name: host,
          ttl: lifetime.address,
          data: address,
        }),
      ),
      // Or phones wait for the kind of address that there is none of (RFC 6762 §6.1).
      {
        ...own,
        type: 'NSEC',
        name: host,
        ttl: lifetime.address,
        data: { nextDomain: host, rrtypes: [...new Set(kinds)] },
      },
    ],
  }
}
