/**
 * A rough estimate from length and variety, enough to nudge: 0 too short, 1 weak, 2 fair, 3 good, 4 strong. Repeated
 * characters and runs like `abcd` or `4321` do not count as length.
 *
 * @param least  fewest characters that the pages accept; the API leaves that to its clients (personas §4)
 */
export function passwordStrength(password: string, least: number): 0 | 1 | 2 | 3 | 4 {
  const characters = [...password]
  if (characters.length < least) return 0
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length
  const effective = characters.filter((character, place) => !continuesRun(characters[place - 1], character)).length
  const score = effective + kinds * 2
  if (score < 12) return 1
  if (score < 16) return 2
  return score < 21 ? 3 : 4
}

function continuesRun(before: string | undefined, character: string): boolean {
  if (before === undefined) return false
  const step = (character.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0)
  return Math.abs(step) <= 1
}
