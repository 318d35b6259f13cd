import type { Orm } from '#db/client.ts'
import { Problem } from '#server/kit/problem.ts'
import { type AccountRow, countAdmins } from './store.ts'

/** Before an admin stops being one: somebody must be left who keeps this server. @throws account.last_admin */
export function requireOtherAdmin(tx: Orm, { role, disabledAt }: Pick<AccountRow, 'role' | 'disabledAt'>): void {
  if (role === 'admin' && disabledAt === null && countAdmins(tx) === 1) throw new Problem('account.last_admin')
}
