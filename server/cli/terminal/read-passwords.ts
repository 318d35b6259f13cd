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

/** A secret besides the two passwords, and the ways to give it. */
export type SecretSource = {
  /** As it is asked for, e.g. `PIN of phone`. */
  what: string
  file: string | undefined
  option: string
  variable?: string
}

/** Reads each password when it is first needed, the account's before the backup's. All throw usage failures, Interrupted. */
export type PasswordReader = {
  account(): Promise<string>
  backup(purpose: Purpose): Promise<string>
  other(source: SecretSource, purpose: Purpose): Promise<string>
}

/**
 * Each password from its file, else its environment variable, else a hidden prompt. Never from the command line, which
 * every user of the machine can read. With `-` for both, the first line of standard input is the account's.
 */
export function passwordReader(terminal: Terminal, options: PasswordOptions): PasswordReader {
  const { accountPasswordFile, backupPasswordFile } = options
  const accountSource: SecretSource = {
    what: 'Account password',
    file: accountPasswordFile,
    option: '--account-password-file',
    variable: 'HEARTHKEEP_ACCOUNT_PASSWORD',
  }
  const backupSource: SecretSource = {
    what: 'Backup password',
    file: backupPasswordFile,
    option: '--backup-password-file',
    variable: 'HEARTHKEEP_BACKUP_PASSWORD',
  }
  let lines: Promise<string[]> | undefined
  const nextLine = async () => {
    lines ??= text(terminal.stdin).then((all) => all.split(/\r?\n/))
    return (await lines).shift() ?? ''
  }
  const read = async (source: SecretSource, purpose: Purpose) => {
    const password = await readOne(source)
    if (password === '') throw usageFailure('A password is empty')
    const typed = source.file === undefined && !(source.variable && terminal.env[source.variable])
    if (purpose === 'save' && typed) await askAgain(terminal, source.what, password)
    return password
  }
  const readOne = async ({ what, file, option, variable }: SecretSource) => {
    if (file === '-') return nextLine()
    if (file !== undefined) return readPasswordFile(what, file)
    const fromEnvironment = variable && terminal.env[variable]
    if (fromEnvironment) return fromEnvironment
    if (canAsk(terminal)) return askHidden(terminal, `${what}: `)
    const ways = [option, variable].filter((way) => way !== undefined).join(', ')
    throw usageFailure(`No ${decapitalised(what)}: use ${ways} or a terminal`)
  }
  let account: Promise<string> | undefined
  const reader: PasswordReader = {
    account() {
      account ??= read(accountSource, 'load')
      return account
    },
    async backup(purpose) {
      const passwords = {
        account: await reader.account(),
        backup: await read(backupSource, purpose),
      }
      checkApart(passwords, terminal, purpose)
      return passwords.backup
    },
    other: read,
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

async function askAgain(terminal: Terminal, what: string, password: string): Promise<void> {
  if ((await askHidden(terminal, `${what} again: `)) !== password) {
    throw usageFailure(`${what} was typed differently the second time`)
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
    throw usageFailure(`The ${decapitalised(what)} file cannot be read (${error.code})`)
  })
  // Editors end files with a newline that nobody means as part of the password.
  return content.replace(/\r?\n$/, '')
}

/** "PIN" stays. */
function decapitalised(what: string): string {
  return /^[A-Z][a-z]/.test(what) ? what.charAt(0).toLowerCase() + what.slice(1) : what
}
