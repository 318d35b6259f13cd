import type { Orm } from '#db/client.ts'
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

export type AccountToInsert = Pick<AccountRow, 'id' | 'passwordHash' | 'role'> &
  Pick<NewAccount, 'username' | 'email'> & {
    /** Null = the server's default. */
    quotaBytes?: number | null
    /** By which they join. */
    invitationId?: string
  }

/**
 * Make an account. Whether somebody may is the caller's question (`requireOpenRegistration`).
 *
 * @returns the new account's id
 * @throws account.exists when either name is taken, server.busy
 */
export async function createAccount(
  ctx: Context,
  { password, role = 'member', ...names }: NewAccount,
  address: string | null,
): Promise<string> {
  const id = ctx.ids.uuid()
  const passwordHash = await ctx.passwords.hash(password)
  await namesTaken(() => ctx.db.write((tx) => insertNewAccount(ctx, tx, { id, passwordHash, role, ...names }, address)))
  return id
}

/** Put an account into the transaction that makes it; run that inside `namesTaken`. @throws account.exists */
export function insertNewAccount(
  ctx: Context,
  tx: Orm,
  { id, username, email, passwordHash, role, quotaBytes, invitationId }: AccountToInsert,
  address: string | null,
): void {
  requireFreeNames(tx, [email, username])
  insertAccount(tx, {
    id,
    username: username ?? null,
    email: email ?? null,
    passwordHash,
    role,
    quotaBytes: quotaBytes ?? null,
    invitationId: invitationId ?? null,
    createdAt: ctx.clock.now(),
  })
  recordEvent(ctx, tx, { event: 'account.created', accountId: id, address })
}

/**
 * Unique columns do not see an address that is somebody else's user name.
 *
 * @param own  whose names these may be already
 * @throws account.exists
 */
export function requireFreeNames(tx: Orm, names: Array<string | null | undefined>, own?: string): void {
  for (const name of names) {
    const holder = name ? readAccountByName(tx, name) : undefined
    if (holder && holder.id !== own) throw new Problem('account.exists')
  }
}

/** What a unique column refuses is a taken name too. */
export async function namesTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Problem('account.exists', { cause: error })
    throw error
  }
}
