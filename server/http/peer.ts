import { BlockList, isIP } from 'node:net'

/** Who is at the other end of a request, as far as we believe it. */
export type Peer = {
  /** IP address, IPv4 where the socket says an IPv4-mapped one. */
  address: string
  secure: boolean
}

export type Forwarding = (socketAddress: string, forwardedFor: string | null) => string

/**
 * The client's address behind trusted proxies: the right-most hop of `X-Forwarded-For` that is not itself trusted.
 * Anybody else's header is not read at all.
 *
 * @param trusted  addresses and CIDR blocks
 */
export function forwardingFrom(trusted: string[]): Forwarding {
  const list = new BlockList()
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  const isTrusted = (address: string) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

  return (socketAddress, forwardedFor) => {
    const peer = plainAddress(socketAddress)
    if (!forwardedFor || !isTrusted(peer)) return peer
    const hops = forwardedFor.split(',').map((hop) => plainAddress(hop.trim()))
    for (const hop of hops.reverse()) {
      if (isIP(hop) === 0) return peer
      if (!isTrusted(hop)) return hop
    }
    return peer
  }
}

/** `::ffff:192.168.1.7` → `192.168.1.7`. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** What one household gets as its own share: an IPv4 address, or the /64 of an IPv6 one. */
export function addressGroup(address: string): string {
  return isIP(address) === 6 ? expandIpv6(address).slice(0, 4).join(':') : address
}

function expandIpv6(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? []
  const front = head ? head.split(':') : []
  const back = tail ? tail.split(':') : []
  const gap = tail === undefined ? [] : new Array(Math.max(0, 8 - front.length - back.length)).fill('0')
  return [...front, ...gap, ...back].map((group) => group.toLowerCase().padStart(4, '0'))
}
