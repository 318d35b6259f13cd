import { secp256k1 } from '@noble/curves/secp256k1.js'
import { fromBase64, toBase64 } from '#client/encoding/base64.ts'
import { toHex } from '#client/encoding/hex.ts'

const prefix = 'backup_account_'

/** Who a backup belongs to when all factors are lost: whoever holds the secret key may reset it (factor-backup §4.12). */
export type BackupAccount = {
  /** `backup_account_` and the compressed public key in lower-case hex: the id of the backup. */
  id: string
  /** 32 bytes. */
  secretKey: Uint8Array<ArrayBuffer>
}

export function createBackupAccount(): BackupAccount {
  return backupAccountOf(new Uint8Array(secp256k1.utils.randomSecretKey()))
}

/** @throws Error when these 32 bytes are no secp256k1 key */
export function backupAccountOf(secretKey: Uint8Array<ArrayBuffer>): BackupAccount {
  return { id: prefix + toHex(secp256k1.getPublicKey(secretKey, true)), secretKey }
}

/** Low-S, DER, over SHA-256 of the challenge's 32 bytes: the only signature the server takes for a reset. */
export function signReset({ secretKey }: BackupAccount, challenge: string): string {
  const bytes = fromBase64(challenge)
  if (bytes === null || bytes.byteLength !== 32) throw new TypeError('A challenge is 32 bytes in base64')
  return toBase64(secp256k1.sign(bytes, secretKey, { prehash: true, lowS: true, format: 'der' }))
}
