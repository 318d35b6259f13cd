import type { Context } from '#server/context.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import { Problem } from '#server/kit/problem.ts'
import { createAccount } from '#server/people/create-account.ts'
import { isAcceptableEmail, normalName } from '#server/people/names.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'

/** Loose enough for a family that signs up in one evening. */
const registerLimit: RateLimit = { name: 'otp-register', perSecond: 0.2, burst: 20 }
/** Of bcrypt, which the original cut passwords off at (otp §5). */
const longestPassword = 72

/**
 * Make an account by e-mail. Whether registration is open comes first, so that a closed house does not tell who lives
 * in it.
 *
 * @throws auth.registration_closed, input.invalid, account.exists, rate.limited, server.busy (otp §3)
 */
export async function registerUser(
  ctx: Context,
  given: { email: string; password: string },
  address: string,
): Promise<{ accountId: string; email: string }> {
  ctx.rates.take(registerLimit, address)
  requireOpenRegistration(ctx.settings)
  const email = normalName(given.email)
  const { password } = given
  const usable = password !== '' && password.isWellFormed() && Buffer.byteLength(password) <= longestPassword
  if (!isAcceptableEmail(email) || !usable) throw new Problem('input.invalid')
  return { accountId: await createAccount(ctx, { email, password }, address), email }
}
