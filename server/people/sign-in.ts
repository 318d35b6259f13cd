import type { Context } from '#server/context.ts'
import { type Admits, checkPassword } from './check-password.ts'
import { normalName } from './names.ts'
import { guardPassword } from './password-guesses.ts'
import { type AccountRow, readAccountByName } from './store.ts'

/**
 * The account behind a name and a password, with wrong guesses counted and limited (contract A §7.5), unless request
 * throttles are off. For whoever signs in by password, by whatever surface.
 *
 * @param name  e-mail or user name, as given
 * @param address  IP of the caller
 * @param admits  whose right password is taken; everybody's whose account is not disabled unless said otherwise
 * @throws auth.failed (also for nobody and for a disabled account, after the same work), rate.limited, server.busy
 */
export function signIn(
  ctx: Context,
  name: string,
  password: string,
  address: string,
  admits?: Admits,
): Promise<AccountRow> {
  const known = normalName(name)
  const account = readAccountByName(ctx.db.read, known)
  const aim = { accountId: account?.id ?? null, name: known, address }
  return guardPassword(ctx, aim, () => checkPassword(ctx, account, password, address, admits))
}
