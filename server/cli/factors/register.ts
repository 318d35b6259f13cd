import type { Command } from 'commander'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup, withServerOptions } from '#server/cli/terminal/verb-group.ts'
import { type CreateOptions, createFromPath } from './create-backup.ts'
import { type RetrieveOptions, retrieveToFolder } from './retrieve-backup.ts'
import { type StatusOptions, showStatus } from './show-status.ts'
import { type SyncOptions, syncFromPath } from './sync-backup.ts'

const keysHelp = `
The recovery key file opens and deletes the backup: keep it on paper or on a stick, not on this machine. The state file
holds what this machine needs to sync, and is as secret as the backup.
`

/** Adds `factors create`, `sync`, `retrieve` and `status`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const { command: factors, ctx, run } = verbGroup(program, 'factors', dependencies)
  factors.description('keep an encrypted backup of files that opens with a recovery key')

  const create = withCommonOptions(factors.command('create'))
    .description('encrypt a file or folder and store it as a new backup')
    .argument('<path>', 'the file or folder to store')
    .requiredOption('--recovery-key <file>', 'where to write the new recovery key')
    .option('--no-padding', 'let the server see the exact size')
  create.action((path: string, options: CreateOptions) => run(createFromPath(ctx, path, options), options.json))

  const sync = withCommonOptions(factors.command('sync'))
    .description('encrypt a file or folder and store it as the next version')
    .argument('<path>', 'the file or folder to store')
    .option('--backup <id>', 'which backup, if this machine syncs several')
    .option('--replace', 'store it even though another device synced meanwhile')
    .option('--no-padding', 'let the server see the exact size')
  sync.action((path: string, options: SyncOptions) => run(syncFromPath(ctx, path, options), options.json))

  const retrieve = withCommonOptions(factors.command('retrieve'))
    .description('fetch and decrypt with the recovery key, and sync from this machine from now on')
    .requiredOption('--recovery-key <file>', 'the recovery key')
    .requiredOption('--out <folder>', 'where to write the files')
    .option('--force', 'replace files that exist')
    .option('--no-join', 'do not become a sync device')
    .option('--accept-older', 'take a version older than this machine has seen, after the server was restored')
  retrieve.action((options: RetrieveOptions) => run(retrieveToFolder(ctx, options), options.json))

  const status = withCommonOptions(factors.command('status'))
    .description('print who can open the backup, which devices sync it, and its versions')
    .option('--backup <id>', 'which backup, if this machine syncs several')
    .option('--recovery-key <file>', 'the recovery key, to see the versions too')
  status.action((options: StatusOptions) => run(showStatus(ctx, options), options.json))
}

function withCommonOptions(command: Command): Command {
  const help = withServerOptions(command, 'none')
  return command
    .option('--state <file>', 'where this machine’s keys are kept')
    .addHelpText('after', `${keysHelp}${help}\n${exitCodeHelp()}`)
}
