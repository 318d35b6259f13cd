import type { Orm } from '#db/client.ts'
import { Problem } from '#server/kit/problem.ts'
import type { Proven } from './prove-factor.ts'
import { type Backup, findFactor, readBackup } from './store.ts'

/**
 * Look again inside the transaction: the backup or the factor that was proved may have been deleted since.
 *
 * @returns the backup as it is now
 * @throws factors.backup_not_found, factors.unauthorized_factor
 */
export function requireStillThere(tx: Orm, { backup, factor }: Proven): Backup {
  const current = readBackup(tx, backup.key)
  if (!current || current.deletedAt !== null) throw new Problem('factors.backup_not_found')
  if (findFactor(tx, factor.scope, factor.lookupKey)?.id !== factor.id) throw new Problem('factors.unauthorized_factor')
  return current
}
