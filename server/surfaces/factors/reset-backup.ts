import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { type OpenedChallenge, requireContext } from '#server/webauthn/challenge-tokens.ts'
import { checkResetSignature } from './check-reset-signature.ts'
import { takeOffTheWire } from './delete-backup.ts'
import { countingFailures } from './prove-factor.ts'
import { recordBackupEvent } from './record-event.ts'
import { readBackupById } from './store.ts'
import { spendOnce } from './used-tokens.ts'
import type { ResetRequest } from './wire.ts'

/**
 * Delete a backup by the key that its id is made of, when no factor is left (factor-backup §4.12).
 *
 * @throws challenge.*, factors.invalid_backup_account_id, factors.invalid_signature,
 *   factors.signature_verification_error, not_found
 */
export async function resetBackup(ctx: Context, request: ResetRequest, address: string): Promise<void> {
  const { backupAccountId, signature, challengeToken } = request
  const challenge = await ctx.challenges.open(challengeToken, 'KEYPAIR')
  requireResetContext(challenge, backupAccountId)
  await countingFailures(ctx, challenge, async () => checkResetSignature(backupAccountId, signature, challenge.payload))
  await ctx.db.write((tx) => {
    const backup = readBackupById(tx, backupAccountId)
    if (!backup) throw new Problem('not_found')
    spendOnce(tx, challenge)
    takeOffTheWire(ctx, tx, backup)
    recordBackupEvent(ctx, tx, { event: 'factors.reset', backupKey: backup.key, address })
  })
}

function requireResetContext(challenge: OpenedChallenge, backupAccountId: string): void {
  try {
    requireContext(challenge, { kind: 'RESET', backupAccountId })
  } catch (error) {
    if (!isProblem(error)) throw error
    const message = 'Challenge token was not created for reset operation or backup_account_id mismatch.'
    throw new Problem('challenge.wrong_context', { message })
  }
}
