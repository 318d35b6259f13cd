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
