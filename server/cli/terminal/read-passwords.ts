import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { isSamePassword } from '#client/crypto/password-policy.ts'
import { askHidden, canAsk } from './ask-hidden.ts'
import { usageFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'

export type PasswordOptions = {
  /** A file, or `-` for a line of standard input. */
  accountPasswordFile?: string
  backupPasswordFile?: string
}

export type Passwords = { account: string; backup: string }

/** `save`: what is sealed must be opened again some day, so a typed backup password is asked for twice. */
export type Purpose = 'save' | 'load'

/** Reads each password when it is first needed, the account's before the backup's. Both throw usage failures, Interrupted. */
export type PasswordReader = {
  account(): Promise<string>
  backup(purpose: Purpose): Promise<string>
}

/**
 * Each password from its file, else its environment variable, else a hidden prompt. Never from the command line, which
 * every user of the machine can read. With `-` for both, the first line of standard input is the account's.
 */
export function passwordReader(terminal: Terminal, options: PasswordOptions): PasswordReader {
  const { accountPasswordFile, backupPasswordFile } = options
  let lines: Promise<string[]> | undefined
  const nextLine = async () => {
    lines ??= text(terminal.stdin).then((all) => all.split(/\r?\n/))
    return (await lines).shift() ?? ''
  }
  const read = async (what: 'Account' | 'Backup', file: string | undefined, variable: string) => {
    const password = await readOne(what, file, variable)
    if (password === '') throw usageFailure('A password is empty')
    return password
  }
  const readOne = async (what: string, file: string | undefined, variable: string) => {
    if (file === '-') return nextLine()
    if (file !== undefined) return readPasswordFile(what, file)
    const fromEnvironment = terminal.env[variable]
    if (fromEnvironment) return fromEnvironment
    if (canAsk(terminal)) return askHidden(terminal, `${what} password: `)
    const option = `--${what.toLowerCase()}-password-file`
    throw usageFailure(`No ${what.toLowerCase()} password: use ${option}, ${variable} or a terminal`)
  }
  let account: Promise<string> | undefined
  const reader: PasswordReader = {
    account() {
      account ??= read('Account', accountPasswordFile, 'HEARTHKEEP_ACCOUNT_PASSWORD')
      return account
    },
    async backup(purpose) {
      const passwords = {
        account: await reader.account(),
        backup: await read('Backup', backupPasswordFile, 'HEARTHKEEP_BACKUP_PASSWORD'),
      }
      const typed = backupPasswordFile === undefined && !terminal.env.HEARTHKEEP_BACKUP_PASSWORD
      if (purpose === 'save' && typed) await askAgain(terminal, passwords.backup)
      checkApart(passwords, terminal, purpose)
      return passwords.backup
    },
  }
  return reader
}

/** Both at once. @throws usage failure; Interrupted */
export async function readPasswords(
  terminal: Terminal,
  options: PasswordOptions,
  purpose: Purpose,
): Promise<Passwords> {
  const reader = passwordReader(terminal, options)
  return { account: await reader.account(), backup: await reader.backup(purpose) }
}

async function askAgain(terminal: Terminal, backup: string): Promise<void> {
  if ((await askHidden(terminal, 'Backup password again: ')) !== backup) {
    throw usageFailure('The two backup passwords differ')
  }
}

/**
 * The server sees the account password at every sign-in; if it also opened the backup, nothing would be secret from it.
 */
function checkApart({ account, backup }: Passwords, terminal: Terminal, purpose: Purpose): void {
  if (!isSamePassword(account, backup)) return
  const reason = 'the server sees the account password and could open the backup with it'
  if (purpose === 'save') throw usageFailure(`The backup password must not be the account password: ${reason}`)
  terminal.stderr.write(`Warning: backup and account password are the same; ${reason}.\n`)
}

/** @throws usage failure */
export async function readPasswordFile(what: string, file: string): Promise<string> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageFailure(`The ${what.toLowerCase()} password file cannot be read (${error.code})`)
  })
  // Editors end files with a newline that nobody means as part of the password.
  return content.replace(/\r?\n$/, '')
}
