import type { Outcome } from '#server/cli/terminal/verb-group.ts'
import { readServerConfig } from '#server/config/read-server-config.ts'
import { readState } from '#server/keeping/keeping-state.ts'
import { readRecipient } from '#server/keeping/recovery-key.ts'
import { snapshotTarget } from '#server/keeping/snapshot-target.ts'
import { openBeside } from './open-beside.ts'

/** How the last snapshot and the last drill went. `green` only when both are well and there is a target and a key. */
export async function describeStatus(env: Record<string, string | undefined>): Promise<Outcome> {
  await using ctx = await openBeside(readServerConfig(env))
  const { config, db } = ctx
  const recipient = await readRecipient(config.dataFolder)
  const run = readState(db.read, 'snapshot.run')
  const drill = readState(db.read, 'snapshot.drill')
  const target = config.snapshots ? snapshotTarget(config.snapshots).name : null
  const green = target !== null && recipient !== null && run?.outcome === 'ok' && drill?.outcome === 'ok'
  const lines = [
    `Snapshots   ${target ?? 'are not taken: set HEARTHKEEP_SNAPSHOT_DIR or HEARTHKEEP_SNAPSHOT_S3_BUCKET'}`,
    `Key         ${recipient ? `${recipient.id}, made ${day(recipient.createdAt)}` : 'none: hearthkeep snapshot kit'}`,
    `Last run    ${run ? `${time(run.finishedAt)}  ${run.outcome}` : 'never'}`,
    `Last whole  ${run?.details.succeededAt ? `${time(run.details.succeededAt)}  ${run.details.name}, ${run.details.objects} objects` : 'none'}`,
    `Drill       ${drill ? `${time(drill.finishedAt)}  ${drill.outcome === 'ok' ? 'green' : `red: ${drill.outcome}`}` : 'never'}`,
    `All read    ${drill?.details.storedAt ? time(drill.details.storedAt) : 'never'}`,
  ]
  return { text: lines.join('\n'), json: { green, target, keyId: recipient?.id ?? null, run, drill } }
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 19)
}

function day(milliseconds: number): string {
  return time(milliseconds).slice(0, 10)
}
