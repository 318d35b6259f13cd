import { dirname } from 'node:path'
import { ecFactor } from '#client/surfaces/factors/ec-factor.ts'
import { isFactorError } from '#client/surfaces/factors/errors.ts'
import type { FactorBackupClient } from '#client/surfaces/factors/factor-backup-client.ts'
import { joinAsSyncDevice } from '#client/surfaces/factors/join-as-sync-device.ts'
import { readDeviceMetadata } from '#client/surfaces/factors/manage-factors.ts'
import { type OpenedBackup, openBackup } from '#client/surfaces/factors/open-backup.ts'
import { recoveryFactorKey } from '#client/surfaces/factors/recovery-key.ts'
import { createSigningKey } from '#client/surfaces/factors/signing-key.ts'
import { type SyncDevice, seenIn } from '#client/surfaces/factors/sync-device.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { counted } from '#server/cli/terminal/words.ts'
import { checkFolder, writeFolder } from '#server/cli/terminal/write-folder.ts'
import { fileExists } from '#server/cli/terminal/write-new-file.ts'
import { type CommonOptions, openClient, readRecoveryFile } from './common-options.ts'
import { recallDevice, rememberDevice } from './state-file.ts'

export type RetrieveOptions = CommonOptions & {
  recoveryKey: string
  out: string
  force?: boolean
  join: boolean
  acceptOlder?: boolean
}

/** `factors retrieve`: fetch and decrypt with the recovery key alone, and become a sync device. */
export async function retrieveToFolder(ctx: VerbContext, options: RetrieveOptions): Promise<Outcome> {
  const { out, force = false, acceptOlder = false } = options
  const { client, server, stateFile } = openClient(ctx, options)
  const recovery = await readRecoveryFile(options.recoveryKey)
  if (!(await fileExists(dirname(out)))) throw usageFailure(`There is no folder ${dirname(out)}`)
  await checkFolder(out, force)
  const known = await recallDevice(stateFile, server, recovery.backupId)

  const factor = ecFactor(await recoveryFactorKey(recovery))
  const opened = await withProgress(ctx.terminal, ({ onStep, onProgress }) => {
    onStep('download')
    return openBackup(client, factor, { seen: known?.seen, acceptOlder, onProgress })
  })
  await writeFolder(out, opened.files, force)
  const keepAsDevice = async () => {
    const device = await deviceFor(client, opened, known)
    await rememberDevice(stateFile, server, device)
    return device
  }
  const afterWriting = (error: unknown) => {
    ctx.terminal.stderr.write(`Wrote ${out}, but this machine does not sync the backup: --no-join leaves that out.\n`)
    throw error
  }
  // Only now: had the files not been written, a sync must not believe that this machine has them.
  const joined = options.join ? await keepAsDevice().catch(afterWriting) : null

  const { manifest, metadata } = opened
  const role = joined === null ? '' : known === null ? '; this machine syncs it from now on' : ''
  return {
    text: `Wrote ${out}: ${counted(manifest.files.length)}${role}.`,
    json: {
      server,
      backupId: metadata.id,
      manifestHash: metadata.manifestHash,
      savedAt: manifest.savedAt,
      files: manifest.files.length,
      out,
      syncs: joined !== null,
    },
  }
}

/** The sync factor this machine has already, unless it was removed meanwhile; else a new one. */
async function deviceFor(
  client: FactorBackupClient,
  opened: OpenedBackup,
  known: SyncDevice | null,
): Promise<SyncDevice> {
  const isStillOne =
    known !== null &&
    (await readDeviceMetadata(client, known).then(
      () => true,
      (error) => {
        if (isFactorError(error, 'factor-unknown')) return false
        throw error
      },
    ))
  if (known === null || !isStillOne) {
    return joinAsSyncDevice(client, opened, await createSigningKey({ extractable: true }))
  }
  const { backupKey, metadata, manifest } = opened
  return { ...known, backupKey, seen: seenIn(metadata.manifestHash, manifest) }
}
