import { createHash, createHmac, scrypt, timingSafeEqual } from 'node:crypto'
import { PairingError } from './errors.ts'

/** What somebody scanned or typed. */
export type PairingCode = {
  /** Twelve characters, as they were made, without dashes. */
  code: string
  /** SHA-256 of the CA, hex; null with a typed code, or where others vouch for the server. */
  fingerprint: string | null
  /** Where to ask, the best first; none with a typed code. */
  servers: string[]
  /** A code to join that server with, if one came along. */
  invitation: string | null
}

/** @param text  a link as `hearthkeep pair` prints it, or the short code, however it was typed. @throws PairingError */
export function readPairingCode(text: string): PairingCode {
  const given = text.trim()
  if (!given.includes('#')) return { code: plainCode(given), fingerprint: null, servers: [], invitation: null }
  const link = URL.parse(given)
  if (link === null || !/^https?:$/.test(link.protocol)) throw new PairingError('not-a-code', 'That is no pairing link')
  const parts = new URLSearchParams(link.hash.slice(1))
  const ca = parts.get('ca')
  const digest = ca === null ? null : Buffer.from(ca, 'base64url')
  if (digest !== null && digest.length !== 32) throw new PairingError('not-a-code', 'The pairing link is damaged')
  return {
    code: plainCode(parts.get('pair') ?? ''),
    fingerprint: digest?.toString('hex') ?? null,
    servers: [...new Set([link.origin, ...parts.getAll('at').flatMap(originOf)])],
    invitation: parts.get('join'),
  }
}

/** The letters that are easily taken for digits are those digits, as in every code of a Hearthkeep server. */
function plainCode(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replace(/[\s–—-]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
  if (/^[0-9A-HJKMNP-TV-Z]{12}$/.test(plain)) return plain
  throw new PairingError('not-a-code', 'A pairing code has twelve letters and digits, e.g. 7K2M-0QRS-9XYZ')
}

function originOf(address: string): string[] {
  const url = URL.parse(address)
  return url?.protocol === 'https:' ? [url.origin] : []
}

/** What the two sides make of a code; the server's half is `server/lan/pairing/pairing-code.ts`. */
export type StretchedCode = {
  id: string
  /** For the server to see. */
  ticket: string
  /** Whether the server, which knows the code, vouches for this CA (DER), or for having none of its own. */
  isVouched(ca: Uint8Array | null, mac: string): boolean
}

export async function stretchCode(code: string): Promise<StretchedCode> {
  const id = code.slice(0, 4)
  const key = await new Promise<Buffer>((resolve, reject) => {
    const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
    scrypt(code, `hearthkeep pairing 1 ${id}`, 64, cost, (error, made) => (error ? reject(error) : resolve(made)))
  })
  return {
    id,
    ticket: key.subarray(0, 32).toString('base64url'),
    isVouched(ca, mac) {
      const right = createHmac('sha256', key.subarray(32))
        .update(ca ?? '')
        .digest()
      const given = Buffer.from(mac, 'base64url')
      return given.length === right.length && timingSafeEqual(given, right)
    },
  }
}

/** SHA-256, hex. */
export function fingerprintOf(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex')
}
