import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { deviceName } from './device-name.ts'
import { isWorthNoting, notePlace } from './known-places.ts'
import { type AccountRow, readAccount } from './store.ts'

type SignIn = {
  accountId: string
  address: string
  userAgent: string | null
  by: 'password' | 'passkey' | 'recovery code' | 'app'
}

/** Write a sign-in down with whether it came from a new place, in the transaction that opens the session. */
export function recordSignIn(ctx: Context, tx: Orm, { by, ...visit }: SignIn): void {
  record(ctx, tx, { by, ...visit }, notePlace(ctx, tx, visit))
}

/**
 * The same for who shows a password with each request and has no session: the first time from a place. Otherwise nobody
 * would see that somebody uses a stolen password there.
 */
export async function recordVisit(ctx: Context, visit: Omit<SignIn, 'by'>): Promise<void> {
  if (!isWorthNoting(ctx, ctx.db.read, visit)) return
  try {
    await ctx.db.write((tx) => {
      if (notePlace(ctx, tx, visit)) record(ctx, tx, { by: 'app', ...visit }, true)
    })
  } catch (error) {
    // People must be able to fetch what is theirs while the disk is full.
    if (!isProblem(error)) throw error
    ctx.log.warn({ error }, 'a sign-in could not be written down')
  }
}

function record(ctx: Context, tx: Orm, { by, accountId, address, userAgent }: SignIn, isNew: boolean): void {
  const device = deviceName(userAgent)
  const details = { by, ...(device ? { from: device } : {}), ...(isNew ? { isNew: 1 } : {}) }
  recordEvent(ctx, tx, { event: 'session.opened', accountId, address, details })
}

/**
 * That the account whose password was verified is still the same one: it may have been shut, or have got another
 * password, while the old one was being hashed, and no session must outlive that.
 *
 * @throws auth.failed
 */
export function requireUnchanged(tx: Orm, { id, passwordHash }: AccountRow, admits = isOpen): void {
  const account = readAccount(tx, id)
  if (!account || !admits(account) || account.passwordHash !== passwordHash) throw new Problem('auth.failed')
}

function isOpen({ disabledAt }: AccountRow): boolean {
  return disabledAt === null
}
