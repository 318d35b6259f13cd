import { z } from 'zod'

/**
 * A binary member of a WebAuthn credential in any of the spellings clients use: base64url or base64, padded or not, or
 * a list of integers (factor-backup §1, "b64any").
 */
export const BinaryField = z.unknown().transform((given, context): Buffer => {
  const bytes = decode(given)
  if (bytes) return bytes
  context.addIssue('not base64')
  return z.NEVER
})

function decode(given: unknown): Buffer | null {
  if (typeof given === 'string') return decodeText(given)
  // By hand: a list is as long as its sender likes, and zod would make an issue of every wrong entry.
  return Array.isArray(given) && given.every(isOctet) ? Buffer.from(given) : null
}

function isOctet(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255
}

const spellings = ['base64url', 'base64'] as const

/** Canonical text only: Node's decoder takes anything, and would make one value out of many texts. */
function decodeText(text: string): Buffer | null {
  for (const spelling of spellings) {
    const bytes = Buffer.from(text, spelling)
    const bare = bytes.toString(spelling).replace(/=+$/, '')
    const padded = bare + '='.repeat((4 - (bare.length % 4)) % 4)
    if (text === bare || text === padded) return bytes
  }
  return null
}
