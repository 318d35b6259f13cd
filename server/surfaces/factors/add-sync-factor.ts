import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { tokenHash } from '#server/people/token-hash.ts'
import { insertNewFactor } from './insert-new-factor.ts'
import { recordBackupEvent } from './record-event.ts'
import { registerSyncFactor } from './register-factor.ts'
import { readBackup } from './store.ts'
import { takeSyncFactorToken } from './used-tokens.ts'
import type { AddSyncFactorRequest } from './wire.ts'

/**
 * Add a device's key as sync factor, by the token that a retrieve handed out. Token, lookup and factor are one
 * transaction: when it is refused, the token is good again (factor-backup §4.6, weakness §10.7).
 *
 * @returns the backup's id
 * @throws challenge.*, factors.invalid_sync_factor_type, factors.signature_verification_error, factors.token_not_found,
 *   factors.factor_already_exists, factors.backup_not_found, factors.too_many_factors
 */
export async function addSyncFactor(ctx: Context, request: AddSyncFactorRequest, address: string): Promise<string> {
  const { syncFactor: authorization, challengeToken, syncFactorToken } = request
  const data = await registerSyncFactor(ctx, { authorization, challengeToken }, { kind: 'ADDSYNCFACTOR' })
  return ctx.db.write((tx) => {
    const backupKey = takeSyncFactorToken(tx, tokenHash(syncFactorToken), ctx.clock.now())
    const backup = readBackup(tx, backupKey)
    if (!backup || backup.deletedAt !== null) throw new Problem('factors.backup_not_found')
    insertNewFactor(ctx, tx, { backupKey, scope: 'SYNC', data })
    recordBackupEvent(ctx, tx, {
      event: 'factors.factor_added',
      backupKey,
      address,
      details: { scope: 'SYNC', factor: data.kind },
    })
    return backup.id
  })
}
