import type { Database } from '#db/client.ts'
import type { SettledTime } from '#server/kit/settled-time.ts'
import { readState } from './keeping-state.ts'
import { readMoveOutcome } from './move-state.ts'
import { countMoved } from './moved-objects.ts'

type Gauges = {
  gauge(name: string, help: string, labels: string[], read: () => Array<[Record<string, string>, number]>): void
}

/** What `/metrics` tells of snapshots, drills, the scrub and the clock; nothing of what has never happened. */
export function showKeeping(metrics: Gauges, db: Database, settled: Pick<SettledTime, 'doubt'>): void {
  const show = (name: string, help: string, read: () => number | null | undefined) =>
    metrics.gauge(`hearthkeep_${name}`, help, [], () => {
      const value = read()
      return value === null || value === undefined ? [] : [[{}, value]]
    })
  const run = () => readState(db.read, 'snapshot.run')
  const drill = () => readState(db.read, 'snapshot.drill')
  const round = () => readState(db.read, 'scrub.round')?.details

  show('snapshot_ok', '1 if the last server snapshot is whole', () => asFlag(run()?.outcome))
  show('snapshot_success_timestamp_seconds', 'When a server snapshot was last made', () =>
    inSeconds(run()?.details.succeededAt),
  )
  show('snapshot_objects', 'Objects in the last server snapshot', () => run()?.details.objects)
  show('snapshot_drill_ok', '1 if the last restore drill was green', () => asFlag(drill()?.outcome))
  show('snapshot_drill_timestamp_seconds', 'When the last restore drill ended', () => inSeconds(drill()?.finishedAt))
  show('snapshot_read_timestamp_seconds', 'When every piece of a snapshot was last read', () =>
    inSeconds(drill()?.details.storedAt),
  )
  show('scrub_round_timestamp_seconds', 'When the last whole round of the scrub ended', () =>
    inSeconds(round()?.lastRound?.finishedAt),
  )
  show('scrub_objects', 'Objects read in this round of the scrub', () => round()?.objects)
  show('scrub_faults', 'Damaged objects found in this round of the scrub and the one before', () => {
    const now = round()
    return now && now.faults + (now.lastRound?.faults ?? 0)
  })
  show(
    'clock_ahead_seconds',
    'How far the clock is ahead of what is believed; unless it is 0, nothing is deleted for its new age',
    () => (settled.doubt?.ahead ?? 0) / 1000,
  )
  const move = () => readMoveOutcome(db.read)
  const isCopying = () => ['copying', 'switched'].includes(move()?.phase ?? '')
  show('storage_move_ok', '1 unless the move of the objects is paused', () => {
    const now = move()
    return now && now.phase !== 'done' ? asFlag(now.outcome) : null
  })
  show('storage_move_objects', 'Objects to be moved', () => (isCopying() ? countMoved(db.read).objects : null))
  show('storage_moved_objects', 'Objects that are in the new place', () =>
    isCopying() ? countMoved(db.read).movedObjects : null,
  )
}

function asFlag(outcome: string | undefined): number | undefined {
  return outcome === undefined ? undefined : Number(outcome === 'ok')
}

function inSeconds(milliseconds: number | null | undefined): number | null | undefined {
  return milliseconds && milliseconds / 1000
}
