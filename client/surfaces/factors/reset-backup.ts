import { type BackupAccount, signReset } from './backup-account.ts'
import type { FactorBackupClient } from './factor-backup-client.ts'

/**
 * Remove a backup whose factors are all lost, so that its id can be used anew (factor-backup §4.12).
 *
 * @throws FactorError `nothing-stored`; ServerError, NetworkError
 */
export async function resetBackup(client: FactorBackupClient, account: BackupAccount): Promise<void> {
  const { challenge, token } = await client.resetChallenge(account.id)
  const signature = signReset(account, challenge)
  await client.reset({ backupAccountId: account.id, signature, challengeToken: token })
}
