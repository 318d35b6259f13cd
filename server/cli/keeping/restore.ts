import type { Command } from 'commander'
import { migrationsFolder } from '#server/cli/migrations-folder.ts'
import { progressLine } from '#server/cli/terminal/progress.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import { type Outcome, type VerbDependencies, verbGroup } from '#server/cli/terminal/verb-group.ts'
import { openStore } from '#server/keeping/open-stores.ts'
import { type Restored, restoreSnapshot } from '#server/keeping/restore-snapshot.ts'
import { NoSnapshotTarget } from '#server/keeping/run-snapshots.ts'
import { snapshotTarget } from '#server/keeping/snapshot-target.ts'
import { systemClock } from '#server/kit/clock.ts'
import { systemIds } from '#server/kit/ids.ts'
import {
  configFrom,
  type FromOptions,
  fromHelp,
  type KeyOptions,
  keyHelp,
  readKey,
  withKeyOptions,
} from './key-options.ts'

type RestoreOptions = KeyOptions &
  FromOptions & { at?: string; dataDir?: string; acceptLosses?: boolean; json?: boolean }

export function register(program: Command, dependencies: VerbDependencies): void {
  const { command, ctx, run } = verbGroup(program, 'restore', dependencies)
  withKeyOptions(command)
    .description('Bring a whole server back from a snapshot, into an empty data folder')
    .option('--from <place>', 'where the snapshots are')
    .option('--at <snapshot>', 'another one than the newest, see hearthkeep snapshot list')
    .option('--data-dir <folder>', 'the new data folder; else HEARTHKEEP_DATA_DIR, else the usual one')
    .option('--accept-losses', 'go on although some objects in the snapshot are damaged')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `${keyHelp}${fromHelp}

Objects go to the data folder, or to a bucket with HEARTHKEEP_BLOBS=s3 and HEARTHKEEP_S3_…. Interrupted, the same
command goes on where it stopped.`,
    )
    .action((options: RestoreOptions) => run(restore(ctx.terminal, options), options.json))
}

async function restore(terminal: Terminal, options: RestoreOptions): Promise<Outcome> {
  process.umask(0o077)
  const config = configFrom(terminal.env, options, options.dataDir)
  if (!config.snapshots) throw new NoSnapshotTarget()
  const key = await readKey(options, terminal)
  const line = progressLine(terminal)
  line.step('Restoring')
  const restored = await restoreSnapshot({
    target: snapshotTarget(config.snapshots),
    key,
    at: options.at,
    dataFolder: config.dataFolder,
    migrationsFolder,
    openBlobs: () => openStore(config),
    clock: systemClock,
    ids: systemIds(systemClock),
    acceptLosses: options.acceptLosses === true,
    onProgress: ({ done, total }) => line.advance({ loaded: done, total }),
  }).finally(() => line.clear())
  return { text: inWords(restored, config.dataFolder), json: { ...restored, dataFolder: config.dataFolder } }
}

function inWords({ snapshot, objects, losses, hostname, left }: Restored, dataFolder: string): string {
  return [
    `Restored snapshot ${snapshot} into ${dataFolder}: ${objects} objects, each compared with its SHA-256.`,
    ...losses.map((loss) => `Lost: ${loss}`),
    ...(hostname ? [`The server is called ${hostname}, as it was; keep that name, passkeys are bound to it.`] : []),
    ...(left.length > 0 ? [`Were set on the old machine; set them again if they apply here: ${left.join(', ')}`] : []),
    `Start it with HEARTHKEEP_DATA_DIR=${dataFolder} hearthkeep start. Never run the old machine beside it.`,
  ].join('\n')
}
