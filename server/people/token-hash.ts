import { createHash } from 'node:crypto'

/** How random tokens and codes are stored: SHA-256, hex. They have 256 bits of their own, so no salt is needed. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
