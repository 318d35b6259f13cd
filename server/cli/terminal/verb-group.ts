import type { Command } from 'commander'
import type { KdfParameters } from '#client/crypto/kdf.ts'
import { exitCodes } from './exit-codes.ts'
import { describeFailure } from './failure.ts'
import { processTerminal, type Terminal } from './terminal.ts'

/** What verbs that speak to a server need from outside. */
export type VerbContext = {
  terminal: Terminal
  /** Address of the server running on this machine (`<data>/run.json`), or null. */
  localServer(): string | null
  /** Tests derive cheaply; otherwise tuned to this device. */
  kdf?: KdfParameters
}

export type VerbDependencies = Omit<VerbContext, 'terminal'> & {
  terminal?: Terminal
  /** The exit code of a finished command; by default the process ends with it once its output is written. */
  finish?(code: number): void
  /** Ends at once, for usage errors found by commander. */
  exit?(code: number): never
}

/** What a verb answers: one line for a person, one object for a program. */
export type Outcome = { text: string; json: Record<string, unknown>; textTo?: 'stdout' | 'stderr' }

export type VerbGroup = {
  /** Gets the verbs. */
  command: Command
  ctx: VerbContext
  /** Prints what a verb answers, or why it failed, and sets the exit code. */
  run(work: Promise<Outcome>, json: boolean | undefined): Promise<void>
}

/** `hearthkeep <name> …`: a family of verbs with the same ways to print and to fail. */
export function verbGroup(program: Command, name: string, dependencies: VerbDependencies): VerbGroup {
  const terminal = dependencies.terminal ?? processTerminal()
  const exit = dependencies.exit ?? ((code) => process.exit(code))
  const finish =
    dependencies.finish ??
    ((code) => {
      process.exitCode = code
    })
  const command = program
    .command(name)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .exitOverride(({ exitCode }) => exit(exitCode === 0 ? exitCodes.ok : exitCodes.usage))
  const ctx = { ...dependencies, terminal }
  return { command, ctx, run: async (work, json) => finish(await report(terminal, work, json)) }
}

const accountHelp = `
The account password comes from its file, else from HEARTHKEEP_ACCOUNT_PASSWORD, else from a hidden prompt.`

const bothHelp = `
Passwords come from the files, else from HEARTHKEEP_ACCOUNT_PASSWORD and HEARTHKEEP_BACKUP_PASSWORD, else from hidden
prompts. With "-" for both files the first line of standard input is the account's, the second the backup's.`

const serverHelp = `

Without --server: HEARTHKEEP_SERVER, else the server running on this machine, else the one paired with last.`

/** @param passwords  which ones the verb may need. @returns help on them and on the server, for below the options */
export function withServerOptions(command: Command, passwords: 'account' | 'both' | 'none'): string {
  command.option('--server <url>', 'address of the server')
  if (passwords !== 'none') {
    command.option('--account-password-file <file>', 'read the account password from a file; - for standard input')
  }
  if (passwords === 'both') {
    command.option('--backup-password-file <file>', 'read the backup password from a file; - for standard input')
  }
  command.option('--json', 'print one JSON object')
  const passwordHelp = { account: accountHelp, both: bothHelp, none: '' }[passwords]
  return passwordHelp + serverHelp
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
