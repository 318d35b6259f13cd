import { Problem } from '#server/kit/problem.ts'
import { house } from './house.ts'

/** Fewest characters of a password that is made on the pages. */
export function leastCharacters(): number {
  return house().ctx.settings.values.passwordMinLength
}

/** @throws input.invalid */
export function requireLongPassword(password: string): void {
  if ([...password].length < leastCharacters()) throw new Problem('input.invalid')
}
