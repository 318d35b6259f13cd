import type { X509Certificate } from 'node:crypto'

/** Where other devices reach this server, and who vouches for it there. */
export type Reach = {
  /** The https addresses, the best first. */
  addresses: string[]
  /** The page that says how to trust this server, for a device that does not yet. */
  connectPage: string
  /** This server's own CA; null where others vouch for it. */
  ca: X509Certificate | null
}

export type ReachFacts = {
  publicUrl: string | null
  /** `https://name:port` of the own listener; null while HTTPS is off. */
  httpsAddress: string | null
  /** Of the plain listener, for its port. */
  httpAddress: string
  leaf: X509Certificate | null
  ca: X509Certificate | null
}

/** @returns null while there is no encrypted way in */
export function readReach({ publicUrl, httpsAddress, httpAddress, leaf, ca }: ReachFacts): Reach | null {
  if (!httpsAddress || !leaf) {
    if (!publicUrl?.startsWith('https:')) return null
    // A proxy in front shows a certificate of its own.
    return { addresses: [publicUrl], connectPage: `${publicUrl}/connect`, ca: null }
  }
  const { hostname, port } = new URL(httpsAddress)
  const connectPage = new URL(`http://${hostname}/connect`)
  connectPage.port = new URL(httpAddress).port
  return { addresses: [httpsAddress, ...addressesOf(leaf, port)], connectPage: connectPage.href, ca }
}

/** The bare addresses that a certificate speaks for, as origins, without those that mean another machine to every machine. */
export function addressesOf(leaf: X509Certificate, port: string): string[] {
  return [...(leaf.subjectAltName ?? '').matchAll(/IP Address:([0-9A-Fa-f.:]+)/g)]
    .map(([, address = '']) => address)
    .filter((address) => !isOwnOnly(address))
    .map((address) => originOf(address, port))
}

export function isOwnOnly(name: string): boolean {
  return name === 'localhost' || name.startsWith('127.') || /^\[?(?:::1|(?:0:){7}1)\]?$/.test(name)
}

function originOf(address: string, port: string): string {
  return new URL(`https://${address.includes(':') ? `[${address}]` : address}:${port || '443'}`).origin
}
