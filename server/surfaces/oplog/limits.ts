import type { Context } from '#server/context.ts'
import type { LogUser } from './store.ts'

/** What one log may hold: the server's limits, or lower ones that its owner has set (oplog-sync §4). */
export function limitsOf(ctx: Context, user: Pick<LogUser, 'quotaBytes' | 'quotaOperations'>) {
  const { oplogQuotaBytes, oplogQuotaOperations } = ctx.settings.values
  return {
    bytes: Math.min(user.quotaBytes ?? oplogQuotaBytes, oplogQuotaBytes),
    operations: Math.min(user.quotaOperations ?? oplogQuotaOperations, oplogQuotaOperations),
  }
}
