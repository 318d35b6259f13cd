import type { Context } from '#server/context.ts'
import { normalName } from './names.ts'
import { redeemResetCode } from './reset-codes.ts'
import { readAccountByName } from './store.ts'

/**
 * Set a new password by name and reset code, with wrong codes counted per person and place, beyond the five tries that
 * each code has (contract A §7.2). The name may be the user name, as links issued by the keeper have it.
 *
 * @throws reset.refused on a wrong, used or expired code and for nobody alike; rate.limited, server.busy
 */
export function resetPassword(
  ctx: Context,
  given: { name: string; code: string; password: string },
  address: string,
): Promise<void> {
  const name = normalName(given.name)
  const found = readAccountByName(ctx.db.read, name)
  const accountId = found && found.disabledAt === null ? found.id : null
  return ctx.guesses.guard(`reset ${accountId ?? name}`, address, () =>
    redeemResetCode(ctx, accountId, given.code, given.password, address),
  )
}
