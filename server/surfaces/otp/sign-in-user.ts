import type { Context } from '#server/context.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import { isProblem } from '#server/kit/problem.ts'
import { openOtpSession } from '#server/people/otp-session.ts'
import { requireUnchanged } from '#server/people/record-sign-in.ts'
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
  try {
    const account = await signIn(ctx, given.email, given.password, address)
    const opener = { accountId: account.id, userAgent, address }
    const token = await ctx.db.write((tx) => {
      requireUnchanged(tx, account)
      return openOtpSession(ctx, tx, opener)
    })
    return { token, accountId: account.id, email: account.email }
  } catch (error) {
    if (isProblem(error) && error.code === 'auth.failed') return null
    throw error
  }
}
