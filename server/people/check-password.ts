import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type AccountRow, readAccount, replacePasswordHash } from './store.ts'

/** Whose right password is taken; anybody else's is refused as if it were wrong. */
export type Admits = (account: AccountRow) => boolean

const enabled: Admits = (account) => account.disabledAt === null

/**
 * Whether the password is this account's. Costs the same for an unknown or disabled person. An imported hash is
 * replaced by one of our own as soon as it has been verified once.
 *
 * @returns the account with the hash that the password was verified against
 * @throws auth.failed, server.busy
 */
export async function checkPassword(
  ctx: Context,
  account: AccountRow | undefined,
  password: string,
  address: string,
  admits: Admits = enabled,
): Promise<AccountRow> {
  const matches = await ctx.passwords.verify(account?.passwordHash ?? null, password)
  if (account && matches && admits(account))
    return ctx.passwords.isCurrent(account.passwordHash) ? account : upgrade(ctx, account, password)
  // Written for nobody too: an answer that took a commit longer would tell who has an account.
  await ctx.db.write((tx) =>
    recordEvent(ctx, tx, { event: 'session.refused', accountId: account?.id ?? null, address }),
  )
  throw new Problem('auth.failed')
}

/**
 * A full queue only puts it off until the next sign-in.
 *
 * @throws auth.failed when the password was changed meanwhile
 */
async function upgrade(ctx: Context, account: AccountRow, password: string): Promise<AccountRow> {
  try {
    const passwordHash = await ctx.passwords.hash(password)
    const replaced = await ctx.db.write((tx) => replacePasswordHash(tx, account, passwordHash))
    return replaced ? { ...account, passwordHash } : await renewed(ctx, account, password)
  } catch (error) {
    if (isProblem(error) && error.code !== 'auth.failed') return account
    throw error
  }
}

/** Another sign-in of theirs was first: what it made of the same password is what this one stands by from now on. */
async function renewed(ctx: Context, { id }: AccountRow, password: string): Promise<AccountRow> {
  const account = readAccount(ctx.db.read, id)
  if (!account || !(await ctx.passwords.verify(account.passwordHash, password))) throw new Problem('auth.failed')
  return account
}
