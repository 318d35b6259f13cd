import { isUniqueViolation } from '#db/sqlite-code.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type AccountRow, insertAccount, readAccountByName } from './store.ts'

export type NewAccount = {
  /** Lower-cased. */
  username?: string
  /** Trimmed and lower-cased. */
  email?: string
  password: string
  role?: AccountRow['role']
}

/**
 * Make an account. Whether somebody may is the caller's question (`requireOpenRegistration`).
 *
 * @returns the new account's id
 * @throws account.exists when either name is taken, server.busy
 */
export async function createAccount(
  ctx: Context,
  { username, email, password, role = 'member' }: NewAccount,
  address: string | null,
): Promise<string> {
  const id = ctx.ids.uuid()
  const passwordHash = await ctx.passwords.hash(password)
  try {
    await ctx.db.write((tx) => {
      // Unique columns do not see an address that is somebody else's user name.
      if ([email, username].some((name) => name !== undefined && readAccountByName(tx, name)))
        throw new Problem('account.exists')
      insertAccount(tx, {
        id,
        username: username ?? null,
        email: email ?? null,
        passwordHash,
        role,
        createdAt: ctx.clock.now(),
      })
      recordEvent(ctx, tx, { event: 'account.created', accountId: id, address })
    })
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('account.exists', { cause: error })
    throw error
  }
  return id
}
