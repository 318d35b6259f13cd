import { syncBackup } from '#client/surfaces/factors/sync-backup.ts'
import type { SyncDevice } from '#client/surfaces/factors/sync-device.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome, VerbContext } from '#server/cli/terminal/verb-group.ts'
import { withProgress } from '#server/cli/terminal/with-progress.ts'
import { counted } from '#server/cli/terminal/words.ts'
import { type CommonOptions, openClient } from './common-options.ts'
import { listSources } from './list-sources.ts'
import { recallDevice, rememberDevice } from './state-file.ts'

export type SyncOptions = CommonOptions & { backup?: string; replace?: boolean; padding: boolean }

/** `factors sync`: store a file or folder as the next version of the backup this machine keeps in sync. */
export async function syncFromPath(ctx: VerbContext, path: string, options: SyncOptions): Promise<Outcome> {
  const { client, server, stateFile } = openClient(ctx, options)
  const sources = await listSources(path)
  const device = await requireDevice(stateFile, server, options.backup)
  const synced = await withProgress(ctx.terminal, ({ onStep, onProgress }) => {
    onStep('upload')
    const onConflict = options.replace ? 'replace' : 'fail'
    const padding = options.padding ? 'buckets' : 'none'
    return syncBackup(client, device, sources, { onConflict, padding, onProgress })
  })
  await rememberDevice(stateFile, server, synced.device)

  const { replaced } = synced
  const { files, savedAt } = synced.manifest
  const { backupId, seen } = synced.device
  if (replaced) ctx.terminal.stderr.write('Replaced the version of another device; it is in the server’s history.\n')
  return {
    text: `Synced ${backupId} (${counted(files.length)}).`,
    json: { server, backupId, manifestHash: seen.manifestHash, savedAt, files: files.length, replaced },
  }
}

/** @throws failure `no-device`, with how to become one */
export async function requireDevice(stateFile: string, server: string, backupId?: string): Promise<SyncDevice> {
  const device = await recallDevice(stateFile, server, backupId)
  if (device !== null) return device
  const what = backupId === undefined ? 'no backup' : 'no such backup'
  const message = `This machine keeps ${what} in sync with ${server}; "factors create" or "factors retrieve" first`
  throw new CommandFailure(exitCodes.usage, 'no-device', message)
}
