import { renderUnicodeCompact } from 'uqr'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { Outcome } from '#server/cli/terminal/verb-group.ts'
import { writeNewFile } from '#server/cli/terminal/write-new-file.ts'
import type { Config } from '#server/config/env.ts'
import { makeRecoveryKey, parseRecoveryKey, readRecipient } from '#server/keeping/recovery-key.ts'
import { snapshotTarget } from '#server/keeping/snapshot-target.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { openBeside } from './open-beside.ts'

export type KitOptions = { replace?: boolean; out?: string }

/**
 * Make the recovery key and show it, this once.
 *
 * @throws usage failure when there is one and nobody has said that it is to be replaced
 */
export async function printKit(config: Config, options: KitOptions): Promise<Outcome> {
  await using ctx = await openBeside(config)
  const before = await readRecipient(config.dataFolder).catch((error) => {
    if (options.replace) return null
    throw error
  })
  if (before && !options.replace)
    throw usageFailure(
      `There is a recovery key already (${before.id}), and nobody can show it again. --replace makes a new one; the old kit goes on opening the snapshots made until then.`,
    )
  const key = await makeRecoveryKey(ctx, config.dataFolder)
  const { id } = parseRecoveryKey(key)
  await ctx.db.write((tx) =>
    recordEvent(ctx, tx, { event: 'snapshot.kit_made', accountId: null, details: { key: id } }),
  )
  const kit = kitText({ key, id, config, madeAt: new Date(ctx.clock.now()) })
  const target = config.snapshots ? snapshotTarget(config.snapshots).name : null
  const json = { keyId: id, target, replaced: before?.id ?? null }
  if (options.out === undefined) return { text: kit, json: { ...json, key } }
  await writeNewFile(options.out, `${kit}\n`, 0o600)
  return { text: `The kit is in ${options.out}. Print it, put it away from this machine, and delete the file.`, json }
}

function kitText({ key, id, config, madeAt }: { key: string; id: string; config: Config; madeAt: Date }): string {
  const from = config.snapshots ? snapshotTarget(config.snapshots).name : '<folder or s3://bucket/prefix>'
  return `HEARTHKEEP RECOVERY KIT                                   made ${madeAt.toISOString().slice(0, 10)}

Server         ${config.hostname}
Snapshots in   ${config.snapshots ? from : 'nowhere yet: set HEARTHKEEP_SNAPSHOT_DIR or HEARTHKEEP_SNAPSHOT_S3_BUCKET'}
Key id         ${id}

Recovery key   ${key}

${renderUnicodeCompact(key)}

Print this and keep it away from the server. It is shown this once; the server cannot show it again. Whoever has this
key and the snapshots has everything the server keeps, except what apps encrypt before they send it. Without this key
nobody can open the snapshots.

To come back on a new machine: install Hearthkeep, do not start it, and run

  hearthkeep restore --from ${config.snapshots?.kind === 's3' ? `s3://${[config.snapshots.s3.bucket, config.snapshots.s3.prefix].filter(Boolean).join('/')}` : from}

It asks for the key. For a bucket set HEARTHKEEP_SNAPSHOT_S3_ENDPOINT, _ACCESS_KEY_ID and _SECRET_ACCESS_KEY first.`
}
