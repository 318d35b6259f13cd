import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { askHidden, canAsk } from '#server/cli/terminal/ask-hidden.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import { readPasswordFile } from '#server/cli/terminal/read-passwords.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Config } from '#server/config/env.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { parseRecoveryKey, type RecoveryKey } from '#server/keeping/recovery-key.ts'
import { parseS3Url } from '#server/surfaces/personas/import-s3.ts'

export type KeyOptions = { key?: string; keyFile?: string }
export type FromOptions = { from?: string }

export const keyHelp = `
The recovery key comes from --key (other users of this machine can see it there; "-" reads standard input), else from
--key-file, else from HEARTHKEEP_RECOVERY_KEY, else from a hidden prompt.`

export const fromHelp = `

--from is a folder, or s3://bucket/prefix with HEARTHKEEP_SNAPSHOT_S3_ENDPOINT, _REGION, _ACCESS_KEY_ID and
_SECRET_ACCESS_KEY; without it, what HEARTHKEEP_SNAPSHOT_DIR or HEARTHKEEP_SNAPSHOT_S3_… say.`

export function withKeyOptions(command: Command): Command {
  return command
    .option('--key <key>', 'the recovery key, HKR1-…; - for standard input')
    .option('--key-file <file>', 'read the recovery key from a file')
}

export function isKeyGiven({ key, keyFile }: KeyOptions, { env }: Terminal): boolean {
  return key !== undefined || keyFile !== undefined || Boolean(env.HEARTHKEEP_RECOVERY_KEY)
}

/** @throws usage failure, NotARecoveryKey, Interrupted */
export async function readKey({ key, keyFile }: KeyOptions, terminal: Terminal): Promise<RecoveryKey> {
  if (key === '-') return parseRecoveryKey(await text(terminal.stdin))
  if (key !== undefined) return parseRecoveryKey(key)
  if (keyFile !== undefined) return parseRecoveryKey(keyIn(await readPasswordFile('Recovery key', keyFile)))
  const fromEnvironment = terminal.env.HEARTHKEEP_RECOVERY_KEY
  if (fromEnvironment) return parseRecoveryKey(fromEnvironment)
  if (canAsk(terminal)) return parseRecoveryKey(await askHidden(terminal, 'Recovery key: '))
  throw usageFailure('No recovery key: use --key, --key-file, HEARTHKEEP_RECOVERY_KEY or a terminal')
}

/** The file may be the whole kit as it was printed. */
function keyIn(content: string): string {
  return /\bHKR1-[0-9A-Za-z-]+/.exec(content)?.[0] ?? content
}

/**
 * The configuration, with the snapshot target that was named on the command line.
 *
 * @throws usage failure, ConfigError
 */
export function configFrom(
  env: Record<string, string | undefined>,
  { from }: FromOptions,
  dataFolder?: string,
): Config {
  const given = { ...env, ...(dataFolder === undefined ? {} : { HEARTHKEEP_DATA_DIR: dataFolder }) }
  if (from === undefined) return readServerConfig(given)
  if (!from.startsWith('s3:')) {
    return readServerConfig({
      ...given,
      HEARTHKEEP_SNAPSHOT_S3_BUCKET: undefined,
      HEARTHKEEP_SNAPSHOT_DIR: resolve(from),
    })
  }
  const where = parseS3Url(from)
  if (!where) throw usageFailure(`This is not an S3 address: ${from} (s3://bucket/prefix)`)
  return readServerConfig({
    ...given,
    HEARTHKEEP_SNAPSHOT_DIR: undefined,
    HEARTHKEEP_SNAPSHOT_S3_BUCKET: where.bucket,
    HEARTHKEEP_SNAPSHOT_S3_PREFIX: where.prefix,
  })
}
