import { BlockList, isIP } from 'node:net'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/**
 * Where a home server can be reached inside a house, which is all its certificates may speak for: private (RFC 1918,
 * RFC 4193), link-local, loopback, and the shared space (RFC 6598) in which mesh VPNs number their machines. IPv6
 * link-local addresses are left out, as no URL can name one.
 */
export const privateNetworks = [
  { network: '10.0.0.0', bits: 8 },
  { network: '172.16.0.0', bits: 12 },
  { network: '192.168.0.0', bits: 16 },
  { network: '169.254.0.0', bits: 16 },
  { network: '100.64.0.0', bits: 10 },
  { network: '127.0.0.0', bits: 8 },
  { network: '::1', bits: 128 },
  { network: 'fc00::', bits: 7 },
] as const

const inside = new BlockList()
for (const { network, bits } of privateNetworks) inside.addSubnet(network, bits, familyOf(network))

export function isPrivateAddress(address: string): boolean {
  return isIP(address) !== 0 && inside.check(address, familyOf(address))
}

/** More than any home has; keeps a machine full of containers from a certificate without end. */
const mostAddresses = 64

/** This machine's own private addresses, IPv4 first, without loopback. */
export function ownAddresses(
  interfaces: Record<string, NetworkInterfaceInfo[] | undefined> = networkInterfaces(),
): string[] {
  const found = Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter(({ address, internal }) => !internal && isPrivateAddress(address))
  const inOrder = [
    ...found.filter(({ family }) => family === 'IPv4'),
    ...found.filter(({ family }) => family !== 'IPv4'),
  ]
  return [...new Set(inOrder.map(({ address }) => address))].slice(0, mostAddresses)
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
