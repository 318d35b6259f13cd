import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { fromHex, toHex } from '#client/encoding/hex.ts'
import { type BackupAccount, backupAccountOf, createBackupAccount } from './backup-account.ts'
import { isBackupId } from './backup-id.ts'
import { type EcFactorKey, importEcFactorKey } from './ec-factor.ts'
import { FactorError } from './errors.ts'
import { createSigningKey, exportSigningKey } from './signing-key.ts'

/**
 * Everything needed to get a backup back with nothing else at hand: a main factor, and the account key for a reset.
 * Belongs on paper or on a stick in a drawer.
 */
export type RecoveryKey = {
  backupId: string
  /** P-256, PKCS#8. */
  pkcs8: Uint8Array<ArrayBuffer>
  /** Null in a key that was made for a backup later, when nobody had its account key any more. */
  account: BackupAccount | null
}

/** One that was made with its backup. */
export type FirstRecoveryKey = RecoveryKey & { account: BackupAccount }

const format = 'hearthkeep-recovery-key'
const note = 'Whoever has this file can read and delete the backup. Keep it apart from your devices.'

export async function createRecoveryKey(): Promise<FirstRecoveryKey> {
  const account = createBackupAccount()
  return { ...(await createLaterRecoveryKey(account.id)), account }
}

/** For a backup that is there. It opens the backup, but cannot reset it. */
export async function createLaterRecoveryKey(backupId: string): Promise<RecoveryKey> {
  const pkcs8 = await exportSigningKey(await createSigningKey({ extractable: true }))
  return { backupId, pkcs8, account: null }
}

/** The main factor in it, for `ecFactor`. @throws FactorError `malformed-recovery-key` */
export async function recoveryFactorKey({ pkcs8 }: Pick<RecoveryKey, 'pkcs8'>): Promise<EcFactorKey> {
  return importEcFactorKey(pkcs8).catch((cause) => {
    throw new FactorError('malformed-recovery-key', { cause })
  })
}

/** A text file for people and programs. Never log or send it. */
export function writeRecoveryKey({ backupId, pkcs8, account }: RecoveryKey): string {
  const fields = {
    format,
    version: 1,
    note,
    backupId,
    privateKey: toBase64(pkcs8),
    ...(account ? { accountKey: toHex(account.secretKey) } : {}),
  }
  return `${JSON.stringify(fields, null, 2)}\n`
}

/** @throws FactorError `malformed-recovery-key` */
export function readRecoveryKey(text: string): RecoveryKey {
  try {
    const fields = JSON.parse(text)
    const { backupId, privateKey, accountKey } = fields
    const pkcs8 = fromBase64(privateKey)
    const isOurs = fields.format === format && fields.version === 1 && isBackupId(backupId)
    if (isOurs && pkcs8 !== null && accountKey === undefined) return { backupId, pkcs8, account: null }
    const secretKey = fromHex(accountKey)
    if (isOurs && pkcs8 !== null && secretKey !== null) {
      const account = backupAccountOf(secretKey)
      if (account.id === backupId) return { backupId, pkcs8, account }
    }
  } catch {
    // The parser's message would quote the file.
  }
  throw new FactorError('malformed-recovery-key')
}
