import { createHash, timingSafeEqual } from 'node:crypto'

/** Compare two secrets of any length in the same time. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
