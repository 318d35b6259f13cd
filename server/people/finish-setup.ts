import type { Context } from '#server/context.ts'
import { isProblem } from '#server/kit/problem.ts'
import { createAccount } from './create-account.ts'

/**
 * Headless set-up: make the first admin from the environment and close set-up (design §7). Does nothing once set-up is
 * finished, so the variables may stay where they are.
 */
export async function finishSetupFromEnvironment(ctx: Context): Promise<void> {
  const { admin } = ctx.config
  if (!admin || ctx.settings.values.setUpAt !== null) return
  const email = admin.email.trim().toLowerCase()
  try {
    await createAccount(ctx, { email, password: admin.password, role: 'admin' }, null)
  } catch (error) {
    if (!isProblem(error) || error.code !== 'account.exists') throw error
    ctx.log.warn('the address in HEARTHKEEP_ADMIN_EMAIL had an account before set-up; it was not made an admin')
    return
  }
  await ctx.settings.set({ setUpAt: ctx.clock.now() })
  ctx.log.info('set-up finished from the environment')
}
