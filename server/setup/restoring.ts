import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from '#server/blobs/place.ts'
import type { Config } from '#server/config/env.ts'
import type { SnapshotConfig } from '#server/config/keeping-env.ts'
import { incomingFolder, interruptedRestore, readRestoring } from '#server/config/restoring.ts'
import type { Context } from '#server/context.ts'
import { pinnedPlaceNames } from '#server/keeping/choose-place.ts'
import { openStore } from '#server/keeping/open-stores.ts'
import { NotARecoveryKey, parseRecoveryKey, type RecoveryKey } from '#server/keeping/recovery-key.ts'
import { type Restored, RestoreIncomplete, restoreSnapshot } from '#server/keeping/restore-snapshot.ts'
import { snapshotTarget, TargetAway } from '#server/keeping/snapshot-target.ts'
import { isProblem, Problem, type ProblemCode } from '#server/kit/problem.ts'
import { requireClaim } from './claim.ts'
import { listRestorable, type Restorable } from './list-restorable.ts'
import { markForMovingIn } from './move-in.ts'
import { requireNothingKept } from './nothing-kept.ts'

/** Where the snapshots are, and what opens them. */
export type RestoreFrom = {
  source: SnapshotConfig
  /** The recovery key as typed, or the text of a kit that holds it. */
  key: string
}

export type RestoreChoice = RestoreFrom & {
  snapshot: string
  /** Go on without the objects that the snapshot does not have whole. */
  acceptLosses: boolean
}

/** How a restore goes, for the page that started it. */
export type RestoreProgress =
  | { phase: 'idle' }
  /** The server ended in the middle; the same snapshot goes on with what is here. */
  | { phase: 'interrupted'; snapshot: string }
  | { phase: 'running'; snapshot: string; done: number; total: number }
  /** Everything is here; this server ends and comes back as the restored one. */
  | { phase: 'moving'; restored: Restored }
  | { phase: 'incomplete'; snapshot: string; losses: string[] }
  | { phase: 'failed'; snapshot: string; code: ProblemCode }

/** How long a page may take to hear the news, milliseconds. */
const patience = 3_000

type Tools = {
  ctx: Context
  migrationsFolder: string
  /** End this server and start on what has been restored. */
  moveIn(): void
}

/**
 * Bring a server back into this data folder while the empty one that asks for it still runs. It is put together in a
 * folder of its own; only when all of it is there and verified does it take over, at a start (`move-in.ts`).
 */
export class Restoring {
  readonly #tools: Tools
  #progress: RestoreProgress = { phase: 'idle' }
  #running: Promise<void> | null = null
  readonly #stop = new AbortController()
  /** Somebody has heard that everything is here. */
  readonly #heard = Promise.withResolvers<void>()

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** @throws setup.closed, setup.not_claimed */
  progress(claim: string | null): RestoreProgress {
    requireClaim(this.#tools.ctx.db.read, claim)
    if (this.#progress.phase === 'moving') this.#heard.resolve()
    if (this.#progress.phase !== 'idle') return this.#progress
    const snapshot = interruptedRestore(this.#tools.ctx.config)
    return snapshot === null ? this.#progress : { phase: 'interrupted', snapshot }
  }

  /** @throws setup.closed, setup.not_claimed; restore.key_wrong, restore.no_snapshots, restore.source_away */
  async look(claim: string | null, { source, key }: RestoreFrom): Promise<Restorable[]> {
    requireClaim(this.#tools.ctx.db.read, claim)
    const parsed = keyIn(key)
    return listRestorable(snapshotTarget(source), parsed).catch((error) => {
      throw asProblem(error)
    })
  }

  /**
   * Begin to restore, or go on with the same snapshot after a stop or a failure.
   *
   * @throws setup.closed, setup.not_claimed, setup.restoring; restore.key_wrong, restore.not_empty, restore.two_disks
   */
  begin(claim: string | null, choice: RestoreChoice): Promise<void> {
    const { ctx } = this.#tools
    return ctx.setup.inTurn(async () => {
      requireClaim(ctx.db.read, claim)
      requireNothingKept(ctx.db.read)
      const key = keyIn(choice.key)
      await requireOneDisk(ctx.config.dataFolder)
      ctx.setup.isRestoring = true
      this.#progress = { phase: 'running', snapshot: choice.snapshot, done: 0, total: 0 }
      this.#running = this.#run(choice, key)
    })
  }

  /** Leave what is under way to the next try, which goes on there. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(choice: RestoreChoice, key: RecoveryKey): Promise<void> {
    const { ctx, moveIn } = this.#tools
    const { snapshot } = choice
    try {
      const restored = await this.#restore(choice, key)
      requireNothingKept(ctx.db.read)
      await markForMovingIn(ctx.config.dataFolder, snapshot)
      this.#progress = { phase: 'moving', restored }
      ctx.log.info({ snapshot, objects: restored.objects }, 'a server was restored and takes over')
      // The page says what came back; it asks every second, and nobody answers it while the server starts anew.
      await Promise.race([this.#heard.promise, sleep(patience, undefined, { signal: this.#stop.signal })])
      moveIn()
    } catch (error) {
      ctx.setup.isRestoring = false
      if (this.#stop.signal.aborted) return
      if (error instanceof RestoreIncomplete) {
        this.#progress = { phase: 'incomplete', snapshot, losses: error.losses }
        return
      }
      ctx.log.error({ error, snapshot }, 'a restore failed')
      this.#progress = { phase: 'failed', snapshot, code: asProblem(error).code }
    }
  }

  async #restore({ source, snapshot, acceptLosses }: RestoreChoice, key: RecoveryKey): Promise<Restored> {
    const { ctx, migrationsFolder } = this.#tools
    const dataFolder = join(ctx.config.dataFolder, incomingFolder)
    // Another one was begun there, or one was finished and never moved in.
    if (readRestoring(dataFolder) !== snapshot) await rm(dataFolder, { recursive: true, force: true })
    return restoreSnapshot({
      target: snapshotTarget(source),
      key,
      at: snapshot,
      dataFolder,
      migrationsFolder,
      openBlobs: () => openStore({ ...ctx.config, blobs: placeOf(ctx.config), dataFolder }),
      clock: ctx.clock,
      ids: ctx.ids,
      acceptLosses,
      signal: this.#stop.signal,
      onProgress: ({ done, total }) => {
        this.#progress = { phase: 'running', snapshot, done, total }
      },
    })
  }
}

/** Where the next start looks; what was chosen on the pages of the empty server goes with that. */
function placeOf(config: Config): Place {
  return pinnedPlaceNames({ config }).length > 0 ? config.blobs : { kind: 'disk', folder: null }
}

/** The text may be the whole kit. @throws restore.key_wrong */
function keyIn(text: string): RecoveryKey {
  try {
    return parseRecoveryKey(/\bHKR1-[0-9A-Za-z-]+/i.exec(text)?.[0] ?? text)
  } catch (error) {
    if (error instanceof NotARecoveryKey) throw new Problem('restore.key_wrong')
    throw error
  }
}

/** Objects that lie on a disk of their own cannot be moved in by renaming. @throws restore.two_disks */
async function requireOneDisk(dataFolder: string): Promise<void> {
  const [whole, blobs] = await Promise.all(
    [dataFolder, join(dataFolder, 'blobs')].map((path) => stat(path).catch(() => null)),
  )
  if (whole && blobs && whole.dev !== blobs.dev) throw new Problem('restore.two_disks')
}

function asProblem(error: unknown): Problem {
  if (isProblem(error)) return error
  if (error instanceof TargetAway) return new Problem('restore.source_away', { cause: error })
  if (error instanceof Error && ['ManifestDamaged', 'PieceDamaged', 'NoSuchSnapshot'].includes(error.name))
    return new Problem('restore.damaged', { cause: error })
  return new Problem('server.failed', { cause: error })
}
