import { readFile } from 'node:fs/promises'
import { FactorBackupClient } from '#client/surfaces/factors/factor-backup-client.ts'
import { type RecoveryKey, readRecoveryKey } from '#client/surfaces/factors/recovery-key.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { chooseServer } from '#server/cli/terminal/server-address.ts'
import type { VerbContext } from '#server/cli/terminal/verb-group.ts'
import { defaultStateFile } from './state-file.ts'

/** Options all verbs have. */
export type CommonOptions = { server?: string; state?: string; json?: boolean }

/** The server, spelled without `/v1` so that it is the same one in the state file, and the state file. */
export function openClient({ terminal, localServer }: VerbContext, options: CommonOptions) {
  const transport = chooseServer(options.server, terminal, localServer, 'the backup’s list of factors')
  const client = new FactorBackupClient({ server: transport })
  const server = transport.baseUrl.replace(/\/v1$/, '')
  return { client, server, stateFile: options.state ?? defaultStateFile(terminal.env) }
}

/** @throws usage failure when it cannot be read; FactorError `malformed-recovery-key` */
export async function readRecoveryFile(path: string): Promise<RecoveryKey> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usageFailure(`${path} cannot be read (${error.code})`)
  })
  return readRecoveryKey(text)
}
