import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { AccountRow } from './store.ts'

/**
 * Whether the password is this account's. Costs the same for an unknown or disabled person.
 *
 * @throws auth.failed, server.busy
 */
export async function checkPassword(
  ctx: Context,
  account: AccountRow | undefined,
  password: string,
  address: string,
): Promise<AccountRow> {
  const matches = await ctx.passwords.verify(account?.passwordHash ?? null, password)
  if (account && matches && account.disabledAt === null) return account
  // Written for nobody too: an answer that took a commit longer would tell who has an account.
  await ctx.db.write((tx) =>
    recordEvent(ctx, tx, { event: 'session.refused', accountId: account?.id ?? null, address }),
  )
  throw new Problem('auth.failed')
}
