import { unlink } from 'node:fs/promises'
import { createBackup } from '#client/surfaces/factors/create-backup.ts'
import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import { createRecoveryKey, recoveryFactorKey, writeRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { createSigningKey } from '#client/surfaces/factors/signing-key.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { counted } from '#server/cli/terminal/words.ts'
import { writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import { type CommonOptions, openClient } from './common-options.ts'
import { listSources } from './list-sources.ts'
import { recallDevice, rememberDevice } from './state-file.ts'

export type CreateOptions = CommonOptions & { recoveryKey: string; padding: boolean }

/** `factors create`: a new backup of a file or folder, with a new recovery key; this machine becomes its sync device. */
export async function createFromPath(ctx: VerbContext, path: string, options: CreateOptions): Promise<Outcome> {
  const { client, server, stateFile } = openClient(ctx, options)
  const sources = await listSources(path)
  const recovery = await createRecoveryKey()
  const backupId = recovery.backupId
  // Unreadable state is found out before anything is stored that would need it.
  await recallDevice(stateFile, server, backupId)
  await writeNewFile(options.recoveryKey, writeRecoveryKey(recovery), 0o600)
  const factor = ecFactor(await recoveryFactorKey(recovery))
  const signing = await createSigningKey({ extractable: true })
  const created = await withProgress(ctx.terminal, ({ onStep, onProgress }) => {
    onStep('upload')
    const { account } = recovery
    const padding = options.padding ? 'buckets' : 'none'
    return createBackup(client, sources, factor, { account, signing, padding, onProgress })
  }).catch(async (error) => {
    // A plain refusal leaves nothing that the key could open; after anything else it may be all there is.
    if (isFactorError(error)) await unlink(options.recoveryKey)
    throw error
  })
  await rememberDevice(stateFile, server, created.device)

  const { files, savedAt } = created.manifest
  const { recoveryKey } = options
  const { manifestHash } = created.metadata
  return {
    text: `Created ${backupId} (${counted(files.length)}). Keep ${recoveryKey} apart from this machine: it alone opens the backup.`,
    json: { server, backupId, manifestHash, savedAt, files: files.length, recoveryKey },
  }
}
