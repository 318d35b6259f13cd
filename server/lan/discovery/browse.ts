import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isPrivateAddress } from '#server/lan/private-networks.ts'
import { type Link, openLink, readNetworks } from './link.ts'
import { type DnsRecord, type Message, sameName } from './messages.ts'
import { serviceType } from './service-records.ts'

/** A server that says of itself that it is one. Nothing of this is proven: anybody in the house can say it. */
export type FoundServer = {
  /** E.g. `hearth 1a2b3c4d`. */
  name: string
  /** `https://name:port` */
  url: string
  /** What the name leads to. */
  addresses: string[]
  /** Of plain HTTP, for `/connect`; null if it does not say. */
  httpPort: number | null
  /** SHA-256 of its own CA in pairs; null if it says of none. */
  fingerprint: string | null
  id: string | null
}

/** Ask who there is, in every network of this machine. @param seconds  how long to listen */
export async function browse(seconds: number): Promise<FoundServer[]> {
  const opened = await Promise.allSettled(
    readNetworks().map((network) => openLink(network).catch(() => openLink(network, 0))),
  )
  const links = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const heard: DnsRecord[] = []
  try {
    for (const link of links) link.listen((message) => heard.push(...recordsIn(message)))
    for (let times = 0; times < 2; times++) {
      for (const link of links) void ask(link)
      await sleep((seconds * 1_000) / 2)
    }
  } finally {
    for (const link of links) link.close()
  }
  return serversIn(heard)
}

function ask(link: Link): Promise<void> {
  return link.send({ kind: 'query', questions: [{ type: 'PTR', class: 'IN', name: serviceType }] })
}

/** A house has few; whoever floods it gets no memory of ours. */
const mostRecords = 200

function recordsIn({ kind, answers, additionals }: Message): DnsRecord[] {
  return kind === 'response' ? [...answers, ...additionals].slice(0, mostRecords) : []
}

/** What a pile of records says, with what was taken back left out. */
export function serversIn(heard: DnsRecord[]): FoundServer[] {
  const records = heard.slice(0, 50 * mostRecords)
  const suffix = `.${serviceType}`
  const names = new Set<string>()
  for (const record of records)
    if (record.type === 'PTR' && sameName(record.name, serviceType) && record.data.toLowerCase().endsWith(suffix)) {
      if (record.ttl === 0) names.delete(record.data)
      else names.add(record.data)
    }
  return [...names].flatMap((name) => serverOf(name, suffix, records) ?? [])
}

function serverOf(instance: string, suffix: string, records: DnsRecord[]): FoundServer | null {
  const own = records.filter(({ name }) => sameName(name, instance))
  const place = own.findLast((record) => record.type === 'SRV')
  const texts = own.findLast((record) => record.type === 'TXT')
  if (!place) return null
  const facts = factsOf(texts?.data)
  const { target, port } = place.data
  const url = URL.parse(facts.get('url') ?? `https://${target}:${port}`)
  if (url?.protocol !== 'https:' || url.username !== '') return null
  const found = records.flatMap((record) =>
    (record.type === 'A' || record.type === 'AAAA') && sameName(record.name, target) && isIP(record.data) !== 0
      ? [record.data]
      : [],
  )
  const httpPort = Number(facts.get('http'))
  const ca = facts.get('ca') ?? ''
  const id = facts.get('id') ?? ''
  return {
    name: instance.slice(0, -suffix.length).replace(/[^\p{L}\p{N} ._()-]/gu, '?'),
    url: url.origin,
    addresses: [...new Set(found)].sort(privateFirst),
    httpPort: Number.isInteger(httpPort) && httpPort > 0 && httpPort < 65_536 ? httpPort : null,
    fingerprint: /^[0-9a-f]{64}$/.test(ca) ? (ca.toUpperCase().match(/../g)?.join(':') ?? null) : null,
    id: /^[0-9a-f]{16}$/.test(id) ? id : null,
  }
}

function factsOf(data: unknown): Map<string, string> {
  const parts = Array.isArray(data) ? data : []
  const pairs = parts.map((part) => String(part)).filter((part) => part.includes('='))
  return new Map(pairs.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]))
}

function privateFirst(a: string, b: string): number {
  return Number(isPrivateAddress(b)) - Number(isPrivateAddress(a)) || Number(a.includes(':')) - Number(b.includes(':'))
}
