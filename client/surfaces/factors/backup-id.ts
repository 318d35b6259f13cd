/** Whether a text can be the id of a backup (factor-backup §1). */
export function isBackupId(text: unknown): text is string {
  return typeof text === 'string' && /^backup_account_[0-9a-f]{66}$/.test(text)
}
