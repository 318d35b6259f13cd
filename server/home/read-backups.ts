import type { Context } from '#server/context.ts'
import { listLinkedBackups } from '#server/surfaces/factors/link-store.ts'
import { listFactors } from '#server/surfaces/factors/store.ts'
import { readBlob } from '#server/vault/store.ts'

const day = 24 * 3_600_000

export type KeptBackup = {
  /** `backup_account_…` */
  id: string
  /** The person's own word for it. */
  name: string
  /** Times in milliseconds. */
  createdAt: number
  updatedAt: number
  size: number | null
  version: number
  isDamaged: boolean
  /** Null for one that is there; a deleted one can be brought back until then. */
  gone: { at: number; until: number } | null
  /** How many ways there are to open it. */
  ways: number
  /** Base64url, of the passkeys that open it: a browser asked for one of them offers no other. */
  passkeys: string[]
  /** What is known of its factors beside the metadata that clients see. */
  factors: Array<{ id: string; label: string | null; lastUsedAt: number | null }>
}

/** The backups on somebody's list, the newest first; deleted ones as long as they can be brought back. */
export function readBackups(ctx: Context, accountId: string): KeptBackup[] {
  const { read } = ctx.db
  return listLinkedBackups(read, accountId).map(({ name, backup }) => {
    const { id, createdAt, updatedAt, deletedAt, version, blobId } = backup
    const blob = blobId === null ? undefined : readBlob(read, blobId)
    const factors = listFactors(read, backup.key)
    const main = factors.filter(({ scope }) => scope === 'MAIN')
    return {
      id,
      name,
      createdAt,
      updatedAt,
      size: blob?.size ?? null,
      version,
      isDamaged: deletedAt === null && blob?.state === 'quarantined',
      gone: deletedAt === null ? null : { at: deletedAt, until: deletedAt + ctx.settings.values.historyDays * day },
      ways: main.length,
      passkeys: main.flatMap(({ data }) => (data.kind === 'PASSKEY' ? [data.credentialId] : [])),
      factors: factors.map((factor) => ({ id: factor.id, label: factor.label, lastUsedAt: factor.lastUsedAt })),
    }
  })
}
