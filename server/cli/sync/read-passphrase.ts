import { askHidden, canAsk } from '#server/cli/terminal/ask-hidden.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { readPasswordFile } from '#server/cli/terminal/read-passwords.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'

/** `choose`: nobody can open the key again without it, so a typed passphrase is asked for twice. */
export type Purpose = 'choose' | 'recall'

/**
 * The passphrase of the key from its file, else from HEARTHKEEP_SYNC_PASSPHRASE, else from a hidden prompt.
 *
 * @throws usage failure, Interrupted
 */
export async function readPassphrase(terminal: Terminal, file: string | undefined, purpose: Purpose): Promise<string> {
  const given =
    file === undefined ? terminal.env.HEARTHKEEP_SYNC_PASSPHRASE : await readPasswordFile('Passphrase', file)
  if (given) return given
  if (given === '' && file !== undefined) throw usageFailure('The passphrase is empty')
  if (!canAsk(terminal)) {
    throw usageFailure('No passphrase: use --passphrase-file, HEARTHKEEP_SYNC_PASSPHRASE or a terminal')
  }
  const typed = await askHidden(terminal, 'Passphrase of the key: ')
  if (purpose === 'choose' && (await askHidden(terminal, 'Passphrase again: ')) !== typed) {
    throw usageFailure('The two passphrases differ')
  }
  return typed
}
