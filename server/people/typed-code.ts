import type { Context } from '#server/context.ts'
import { tokenHash } from './token-hash.ts'

/** Crockford's alphabet: no letter that could be another, and no I, L, O, U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const groupLength = 4

/** A code for people to read out and type, 20 random bits a group, e.g. `7K2M-0QRS`. */
export function newTypedCode({ ids }: Pick<Context, 'ids'>, groups: number): string {
  // 256 is a multiple of 32, so the remainder is even.
  const letters = [...ids.random(groups * groupLength)].map((byte) => alphabet[byte % alphabet.length])
  return Array.from({ length: groups }, (_, at) =>
    letters.slice(at * groupLength, (at + 1) * groupLength).join(''),
  ).join('-')
}

/**
 * How such a code is kept. The same however it was typed: small letters, other dashes or none, and letters taken for
 * digits (Crockford).
 *
 * @param kind  so that a code of one kind is never one of another
 */
export function typedCodeHash(kind: 'recovery' | 'invitation' | 'log link' | 'set-up', code: string): string {
  return tokenHash(`${kind} ${plainTypedCode(code)}`)
}

/** A code without its dashes, the same however it was typed. */
export function plainTypedCode(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
}
