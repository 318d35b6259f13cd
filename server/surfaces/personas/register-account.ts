import type { Context } from '#server/context.ts'
import { createAccount } from '#server/people/create-account.ts'
import { requireOpenRegistration } from '#server/people/registration.ts'

/**
 * Make an account by e-mail. Whether registration is open comes first, so that a closed house does not tell who lives
 * in it.
 *
 * @param given  address as `readAccount` gives it; password of any length but none
 * @throws auth.registration_closed, account.exists, server.busy (personas §4)
 */
export async function registerAccount(
  ctx: Context,
  given: { email: string; password: string },
  address: string,
): Promise<void> {
  requireOpenRegistration(ctx.settings)
  await createAccount(ctx, given, address)
}
