import type { Reach } from '#server/lan/reach.ts'

/** A QR code of more is hard to read from a screen across the room. */
const mostAddresses = 3

/** What a pairing code says besides itself. */
export type LinkFacts = Pick<Reach, 'addresses' | 'connectPage' | 'ca'> & {
  code: string
  /** A code to join with, for somebody who has no account here yet. */
  invitation: string | null
}

/**
 * One link for phone cameras, which open `/connect` with it, and for programs, which read it. All that is secret stands
 * behind the `#`: no server, proxy or log is shown that.
 */
export function pairingLink({ code, invitation, connectPage, addresses, ca }: LinkFacts): string {
  const parts = [
    `pair=${code}`,
    ...(ca ? [`ca=${Buffer.from(ca.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')}`] : []),
    ...(invitation ? [`join=${invitation}`] : []),
    ...addresses.slice(0, mostAddresses).map((address) => `at=${address}`),
  ]
  return `${connectPage}#${parts.join('&')}`
}
