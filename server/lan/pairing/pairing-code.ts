import { createHmac, type ScryptOptions, scrypt, type X509Certificate } from 'node:crypto'
import type { Ids } from '#server/kit/ids.ts'
import { newTypedCode, plainTypedCode } from '#server/people/typed-code.ts'

/** The first group names the code, the other two (40 bits) are its secret. */
const groups = 3
const idLength = 4

const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const salt = 'hearthkeep pairing 1'

/** What follows from a code, for those who know it. */
export type PairingSecrets = {
  /** Tells which code is meant; may be heard by anybody. */
  id: string
  /** Shown to the server, which keeps its hash: 32 bytes, base64url. */
  ticket: string
  /** Never leaves either side: 32 bytes. */
  macKey: Buffer
}

/** E.g. `7K2M-0QRS-9XYZ`. */
export function newPairingCode(ctx: { ids: Ids }): string {
  return newTypedCode(ctx, groups)
}

/**
 * Stretch a code, so that somebody in between who is shown the ticket cannot find the code, and with it the key that
 * vouches for a CA, while anybody still waits for it. Salted by the id, which every code has its own of.
 */
export function stretchPairingCode(code: string): Promise<PairingSecrets> {
  const plain = plainTypedCode(code)
  const id = plain.slice(0, idLength)
  return new Promise((resolve, reject) => {
    scrypt(plain, `${salt} ${id}`, 64, cost, (error, key) => {
      if (error) reject(error)
      else resolve({ id, ticket: key.subarray(0, 32).toString('base64url'), macKey: key.subarray(32) })
    })
  })
}

/** HMAC-SHA-256 over the CA's certificate (DER), or over nothing where others vouch for the server; base64url. */
export function vouchFor(ca: X509Certificate | null, macKey: Buffer): string {
  return createHmac('sha256', macKey)
    .update(ca?.raw ?? '')
    .digest('base64url')
}
