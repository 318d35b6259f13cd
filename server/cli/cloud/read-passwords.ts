import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { isSamePassword } from '#client/crypto/password-policy.ts'
import { askHidden, canAsk } from '#server/cli/terminal/ask-hidden.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import { usageFailure } from './failure.ts'

export type PasswordOptions = {
  /** A file, or `-` for a line of standard input. */
  accountPasswordFile?: string
  backupPasswordFile?: string
}

export type Passwords = { account: string; backup: string }

/**
 * Both passwords, each from its file, else its environment variable, else a hidden prompt. Never from the command line,
 * which every user of the machine can read. With `-` for both, the first line of standard input is the account's.
 *
 * @param purpose  what is saved must be opened again some day, so a typed backup password is asked for twice
 * @throws usage failure; Interrupted
 */
export async function readPasswords(
  terminal: Terminal,
  options: PasswordOptions,
  purpose: 'save' | 'load',
): Promise<Passwords> {
  const { accountPasswordFile, backupPasswordFile } = options
  const piped = accountPasswordFile === '-' || backupPasswordFile === '-'
  const lines = piped ? (await text(terminal.stdin)).split(/\r?\n/) : []
  const read = async (what: string, file: string | undefined, variable: string) => {
    if (file === '-') return lines.shift() ?? ''
    if (file !== undefined) return readPasswordFile(what, file)
    const fromEnvironment = terminal.env[variable]
    if (fromEnvironment) return fromEnvironment
    if (canAsk(terminal)) return askHidden(terminal, `${what} password: `)
    const option = `--${what.toLowerCase()}-password-file`
    throw usageFailure(`No ${what.toLowerCase()} password: use ${option}, ${variable} or a terminal`)
  }
  const account = await read('Account', accountPasswordFile, 'HEARTHKEEP_ACCOUNT_PASSWORD')
  const backup = await read('Backup', backupPasswordFile, 'HEARTHKEEP_BACKUP_PASSWORD')
  if (account === '' || backup === '') throw usageFailure('A password is empty')
  const typed = backupPasswordFile === undefined && !terminal.env.HEARTHKEEP_BACKUP_PASSWORD
  if (purpose === 'save' && typed && (await askHidden(terminal, 'Backup password again: ')) !== backup) {
    throw usageFailure('The two backup passwords differ')
  }
  checkApart({ account, backup }, terminal, purpose)
  return { account, backup }
}

/**
 * The server sees the account password at every sign-in; if it also opened the backup, nothing would be secret from it.
 */
function checkApart({ account, backup }: Passwords, terminal: Terminal, purpose: 'save' | 'load'): void {
  if (!isSamePassword(account, backup)) return
  const reason = 'the server sees the account password and could open the backup with it'
  if (purpose === 'save') throw usageFailure(`The backup password must not be the account password: ${reason}`)
  terminal.stderr.write(`Warning: backup and account password are the same; ${reason}.\n`)
}

async function readPasswordFile(what: string, file: string): Promise<string> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageFailure(`The ${what.toLowerCase()} password file cannot be read (${error.code})`)
  })
  // Editors end files with a newline that nobody means as part of the password.
  return content.replace(/\r?\n$/, '')
}
