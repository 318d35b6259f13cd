import type { z } from 'zod'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { lookupKeyOf } from './factor-data.ts'
import { type Owner, putOnList } from './link-backup.ts'
import { labelFactor } from './link-store.ts'
import { exportMetadata } from './read-metadata.ts'
import type { Upload } from './read-upload.ts'
import { recordBackupEvent } from './record-event.ts'
import { registerFactor, registerSyncFactor } from './register-factor.ts'
import { type Backup, insertBackup, insertFactor, insertKey, readBackupById } from './store.ts'
import type { Created, CreatePayload } from './wire.ts'

const context = { kind: 'CREATE' }

/**
 * Make a backup with its first main factor, its first sync factor and the key that the client encrypted for them
 * (factor-backup §4.3). The challenges are used up step by step; all else is one transaction, so that no factor can be
 * left behind without a backup (weakness §10.5).
 *
 * @param owner  whose list it goes on, when a member's page makes it; quota.exceeded when that is full,
 *   auth.signed_out when the member was shut out meanwhile
 * @throws challenge.*, webauthn.*, factors.* as §4.3 orders them, quota.exceeded, store.*
 */
export async function createBackup(
  ctx: Context,
  upload: Upload,
  payload: CreatePayload,
  { address, owner = null }: { address: string; owner?: Owner | null },
): Promise<z.infer<typeof Created>> {
  const main = await registerFactor(ctx, payload, context, payload.turnkeyProviderId ?? null)
  const syncProof = { authorization: payload.initialSyncFactor, challengeToken: payload.initialSyncChallengeToken }
  const sync = await registerSyncFactor(ctx, syncProof, context)

  const id = payload.backupAccountId
  if (readBackupById(ctx.db.read, id)) throw new Problem('factors.backup_account_id_already_exists')
  using _turn = takeTurn(ctx, id)

  const key = ctx.ids.uuid()
  const now = ctx.clock.now()
  return ctx.vault.commit(upload.takeBackup(), { kind: 'factors', id: key, accountId: key }, (tx, keep) => {
    if (owner) requireStillIn(tx, owner)
    const { manifestHash } = payload
    const blobId = keep({ version: 1, replaces: null })
    const backup: Omit<Backup, 'deletedAt'> = {
      key,
      id,
      manifestHash,
      blobId,
      version: 1,
      createdAt: now,
      updatedAt: now,
    }
    insertBackup(tx, backup)
    for (const [scope, data] of [
      ['MAIN', main],
      ['SYNC', sync],
    ] as const) {
      const lookupKey = lookupKeyOf(data)
      const factorId = ctx.ids.randomUuid()
      insertFactor(tx, { id: factorId, backupKey: key, scope, lookupKey, data, createdAt: now })
      if (owner && scope === 'SYNC') labelFactor(tx, factorId, owner.device)
    }
    insertKey(tx, ctx.ids.uuid(), key, payload.initialEncryptionKey)
    if (owner) putOnList(ctx, tx, owner, key)
    recordBackupEvent(ctx, tx, { event: 'factors.created', backupKey: key, address, details: { factor: main.kind } })
    return { backupId: id, backupMetadata: exportMetadata(tx, backup) }
  })
}

/** One create of an id at a time. @throws factors.conflicting_lock */
function takeTurn(ctx: Context, id: string): Disposable {
  const turn = ctx.uploads.take(`factors ${id}`)
  if (!turn) throw new Problem('factors.conflicting_lock')
  return turn
}
