/** How a sign-in name is compared and kept, so that `Ada@X.org ` and `ada@x.org` are one person (personas §4). */
export function normalName(given: string): string {
  return given.trim().toLowerCase()
}

const longestEmail = 254

/**
 * Whether an account may have this as its address. Odd addresses are fine, `nodomain` included, as the original has
 * it; not those that could not be said in a mail's header (CR, LF, control characters), nor those that HTTP Basic
 * cannot say (RFC 7617 §2: no colon in a name), whose owner could never sign in.
 *
 * @param email  as `normalName` gives it
 */
export function isAcceptableEmail(email: string): boolean {
  return email !== '' && email.length <= longestEmail && email.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}:]/u.test(email)
}

/** Lower-cased; what every protocol can say, and what no address looks like (cloud-backup §2). */
const username = /^[a-z0-9_]{3,50}$/

/** The two kinds of name that an account can be called by. */
export type Named = { email: string } | { username: string }

/**
 * What somebody typed who was asked for an e-mail address or a user name.
 *
 * @param given  e.g. ` Ada@X.org ` or `Ada_L`
 * @returns null for neither
 */
export function readName(given: string): Named | null {
  const name = normalName(given)
  if (username.test(name)) return { username: name }
  // Only for accounts made on pages: people mistype what apps do not.
  return /^[^\s@]+@[^\s@]+$/.test(name) && isAcceptableEmail(name) ? { email: name } : null
}
