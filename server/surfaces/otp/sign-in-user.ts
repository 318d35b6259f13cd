import type { Context } from '#server/context.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import { isProblem } from '#server/kit/problem.ts'
import { openOtpSession } from '#server/people/otp-session.ts'
import { signIn } from '#server/people/sign-in.ts'

const signInLimit: RateLimit = { name: 'otp-sign-in', perSecond: 1, burst: 20 }

type SignedIn = { token: string; accountId: string; email: string | null }

/**
 * Sign in by e-mail or user name; an account made by any other surface will do.
 *
 * @returns null for a wrong password and for nobody alike (otp §3)
 * @throws rate.limited, server.busy
 */
export async function signInUser(
  ctx: Context,
  given: { email: string; password: string },
  { address, userAgent }: { address: string; userAgent: string | null },
): Promise<SignedIn | null> {
  ctx.rates.take(signInLimit, address)
  const account = await signIn(ctx, given.email, given.password, address).catch((error: unknown) => {
    if (isProblem(error) && error.code === 'auth.failed') return null
    throw error
  })
  if (!account) return null
  const opener = { accountId: account.id, userAgent, address }
  const token = await ctx.db.write((tx) => openOtpSession(ctx, tx, opener))
  return { token, accountId: account.id, email: account.email }
}
