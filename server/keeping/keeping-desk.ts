import { setTimeout as sleep } from 'node:timers/promises'
import type { SnapshotConfig } from '#server/config/keeping-env.ts'
import { beginMove, type NewMove, type TriedPlace, tryPlace } from './begin-move.ts'
import { choosePlace, pinnedPlaceNames } from './choose-place.ts'
import { chooseTarget, type TriedTarget, tryTarget } from './choose-target.ts'
import { cancelMove, keepOldCopies, removeOldCopies, retryMove } from './end-move.ts'
import { findKeepingConcerns, type KeepingConcern } from './find-keeping-concerns.ts'
import { type MoveNeeds, moveStorage } from './move-storage.ts'
import type { RunningServer } from './needs.ts'
import { type KeptSnapshot, listKeptSnapshots, readSnapshots, type SnapshotsOverview } from './read-snapshots.ts'
import { readShownMove, readStorage, type ShownMove, type StorageOverview } from './read-storage.ts'
import { KitMaker } from './recovery-kit.ts'
import { runSnapshot } from './run-snapshots.ts'
import { scrub } from './scrub.ts'

type Actor = { accountId: string; address: string }
type Work = 'move' | 'scrub' | 'snapshot'

/** Longer waits are the job's. */
const longestWait = 10 * 60_000

/**
 * What keepers ask for on their pages. It is an object of the running server, because Next bundles its own copies of
 * modules: what goes on in the background must be one, and threads and native modules are found from here alone.
 */
export class KeepingDesk {
  readonly #ctx: RunningServer
  readonly #move: MoveNeeds
  readonly kits: KitMaker

  constructor(ctx: RunningServer) {
    this.#ctx = ctx
    this.kits = new KitMaker(ctx)
    this.#move = {
      ...ctx,
      choosePlace: (place) => choosePlace(ctx, place),
      pinned: () => pinnedPlaceNames(ctx),
    }
  }

  readStorage(): Promise<StorageOverview> {
    return readStorage(this.#ctx)
  }

  readMove(): ShownMove | null {
    return readShownMove(this.#ctx)
  }

  readSnapshots(): Promise<SnapshotsOverview> {
    return readSnapshots(this.#ctx)
  }

  findConcerns(): Promise<KeepingConcern[]> {
    return findKeepingConcerns(this.#ctx)
  }

  tryPlace(place: NewMove['place']): Promise<TriedPlace> {
    return tryPlace(this.#move, place)
  }

  async beginMove(move: NewMove, actor: Actor): Promise<TriedPlace & { hasBegun: boolean }> {
    const tried = await beginMove(this.#move, move, actor)
    if (tried.hasBegun) void this.moveOn()
    return tried
  }

  /** @throws not_found */
  cancelMove(actor: Actor): Promise<void> {
    return this.#interrupt(() => cancelMove(this.#move, actor))
  }

  /** @throws not_found */
  removeOldCopies(): Promise<void> {
    return this.#interrupt(() => removeOldCopies(this.#move))
  }

  /** @throws not_found */
  keepOldCopies(): Promise<void> {
    return this.#interrupt(() => keepOldCopies(this.#move))
  }

  /** @throws not_found */
  retryMove(): Promise<void> {
    return this.#interrupt(() => retryMove(this.#move))
  }

  /** Go on with a move, if there is one. @returns when it is done or waits for days */
  moveOn(): Promise<void> {
    return this.#ctx.work.run('move' satisfies Work, async (signal) => {
      for (;;) {
        const pause = await moveStorage(this.#move, signal)
        if (pause === null || pause > longestWait || signal.aborted) return
        await sleep(pause, undefined, { signal }).catch(() => {})
      }
    })
  }

  /** Read and hash every object, now. */
  scrubAll(): void {
    const { work, metrics } = this.#ctx
    void work.run('scrub' satisfies Work, async (signal) => {
      metrics.event('objects.scrubbed', (await scrub(this.#ctx, { all: true, signal })).objects)
    })
  }

  /** Make a snapshot, now. @param adopt  a target that is empty is a new one, not a disk that is not plugged in */
  takeSnapshot({ adopt }: { adopt: boolean }): void {
    void this.#ctx.work.run('snapshot' satisfies Work, (signal, onProgress) =>
      runSnapshot(this.#ctx, { signal, onProgress, adopt }),
    )
  }

  listSnapshots(): Promise<KeptSnapshot[] | string> {
    return listKeptSnapshots(this.#ctx)
  }

  tryTarget(target: SnapshotConfig): Promise<TriedTarget> {
    return tryTarget(this.#ctx, target)
  }

  /** Nothing changes when a step of the test fails. @throws config.pinned, config.refused */
  async chooseTarget(target: SnapshotConfig | null, actor: Actor): Promise<TriedTarget & { isChosen: boolean }> {
    const tried = target ? await this.tryTarget(target) : { steps: [], refusal: null, detail: null }
    const isSound = tried.refusal === null && tried.steps.every(({ ok }) => ok)
    if (isSound) await chooseTarget(this.#ctx, target, actor)
    return { ...tried, isChosen: isSound }
  }

  async #interrupt(change: () => Promise<void>): Promise<void> {
    await this.#ctx.work.stop('move' satisfies Work)
    await change()
    void this.moveOn()
  }
}
