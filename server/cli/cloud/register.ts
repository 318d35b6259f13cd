import type { Command } from 'commander'
import { exitCodeHelp } from '#server/cli/terminal/exit-codes.ts'
import { type VerbDependencies, verbGroup, withServerOptions } from '#server/cli/terminal/verb-group.ts'
import { type GetOptions, getBackup } from './get-backup.ts'
import { type PutOptions, putBackup } from './put-backup.ts'

/** Adds `cloud put` and `cloud get`. */
export function register(program: Command, dependencies: VerbDependencies): void {
  const { command: cloud, ctx, run } = verbGroup(program, 'cloud', dependencies)
  cloud.description('keep the encrypted backup of an identity on a Hearthkeep server')

  const put = withCommonOptions(cloud.command('put'))
    .description('encrypt an identity file and store it, merged with what other devices stored')
    .requiredOption('--identity <file>', 'the identity file (JSON) to store')
    .option('--sign-up', 'create the user if it does not exist')
    .option('--replace', 'overwrite what is stored, even another identity')
    .option('--no-merge', 'do nothing when another device saved meanwhile (exit code 6)')
  put.action((options: PutOptions) => run(putBackup(ctx, options), options.json))

  const get = withCommonOptions(cloud.command('get'))
    .description('fetch the stored backup and decrypt it')
    .requiredOption('--out <file>', 'where to write the identity file; - for standard output')
    .option('--force', 'replace the file if it exists')
  get.action((options: GetOptions) => run(getBackup(ctx, options), options.json))
}

function withCommonOptions(command: Command): Command {
  command.requiredOption('--user <name>', 'user name on the server')
  const help = withServerOptions(command, 'both')
  return command
    .option('--state <file>', 'where the version last seen is remembered')
    .addHelpText('after', `${help}\n${exitCodeHelp()}`)
}
