import type { Command } from 'commander'
import { processTerminal, type Terminal } from '#server/cli/terminal/terminal.ts'
import type { CloudContext, Outcome } from './context.ts'
import { exitCodeHelp, exitCodes } from './exit-codes.ts'
import { describeFailure } from './failure.ts'
import { type GetOptions, getBackup } from './get-backup.ts'
import { type PutOptions, putBackup } from './put-backup.ts'

export type CloudDependencies = Omit<CloudContext, 'terminal'> & {
  terminal?: Terminal
  /** The exit code of a finished command; by default the process ends with it once its output is written. */
  finish?(code: number): void
  /** Ends at once, for usage errors found by commander. */
  exit?(code: number): never
}

const passwordHelp = `
Passwords come from the files, else from HEARTHKEEP_ACCOUNT_PASSWORD and HEARTHKEEP_BACKUP_PASSWORD, else from hidden
prompts. With "-" for both files the first line of standard input is the account's, the second the backup's.

Without --server: HEARTHKEEP_SERVER, else the server running on this machine.`

/** Adds `cloud put` and `cloud get`. */
export function register(program: Command, dependencies: CloudDependencies): void {
  const terminal = dependencies.terminal ?? processTerminal()
  const ctx: CloudContext = { ...dependencies, terminal }
  const exit = dependencies.exit ?? ((code) => process.exit(code))
  const finish =
    dependencies.finish ??
    ((code) => {
      process.exitCode = code
    })
  const run = async (work: Promise<Outcome>, json: boolean | undefined) => finish(await report(terminal, work, json))

  const cloud = program
    .command('cloud')
    .description('keep the encrypted backup of an identity on a Hearthkeep server')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .exitOverride(({ exitCode }) => exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))

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
  return command
    .requiredOption('--user <name>', 'user name on the server')
    .option('--server <url>', 'address of the server')
    .option('--account-password-file <file>', 'read the account password from a file; - for standard input')
    .option('--backup-password-file <file>', 'read the backup password from a file; - for standard input')
    .option('--state <file>', 'where the version last seen is remembered')
    .option('--json', 'print one JSON object')
    .addHelpText('after', passwordHelp + exitCodeHelp)
}

async function report(terminal: Terminal, work: Promise<Outcome>, json: boolean | undefined): Promise<number> {
  try {
    const { text, json: fields, textTo } = await work
    if (json) terminal.stdout.write(`${JSON.stringify({ ok: true, ...fields })}\n`)
    else terminal[textTo ?? 'stdout'].write(`${text}\n`)
    return exitCodes.ok
  } catch (error) {
    const { exitCode, kind, message, version } = describeFailure(error)
    if (json) terminal.stdout.write(`${JSON.stringify({ ok: false, exitCode, error: { kind, message, version } })}\n`)
    else terminal.stderr.write(`${message}\n`)
    return exitCode
  }
}
