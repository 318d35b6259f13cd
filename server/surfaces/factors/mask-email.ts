/**
 * What is kept of an e-mail address: the first two characters before the `@`, and what comes behind it. Short names
 * stay as they are. Characters are Unicode scalar values (regression §10.15: bytes cut a letter in two).
 *
 * @returns `ex***@gmail.com`; empty when there is not exactly one `@` with something on either side (factor-backup §2.4)
 */
export function maskEmail(email: string): string {
  const [local = '', domain = '', ...more] = email.split('@')
  if (!local || !domain || more.length > 0) return ''
  const characters = [...local]
  return characters.length > 2 ? `${characters.slice(0, 2).join('')}***@${domain}` : email
}
