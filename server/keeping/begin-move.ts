import { readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import type { BlobStore } from '#server/blobs/blob-store.ts'
import { openPlace } from '#server/blobs/open-place.ts'
import { nameOfPlace, type OpenPlace, type Place } from '#server/blobs/place.ts'
import { type SelfTestResult, selfTest } from '#server/blobs/self-test.ts'
import { Problem } from '#server/kit/problem.ts'
import { reasonOf } from '#server/kit/reason-of.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { readBlob } from '#server/vault/store.ts'
import { isSamePlace } from './clear-place.ts'
import { type Move, readMove, writeMove } from './move-state.ts'
import type { MoveNeeds } from './move-storage.ts'
import { forgetMoved } from './moved-objects.ts'

/** Why objects cannot move to a place. */
export type PlaceRefusal =
  | 'pinned'
  | 'under_way'
  | 'same'
  | 'not_absolute'
  | 'in_data_folder'
  | 'no_folder'
  | 'not_empty'
  | 'of_another_server'
  | 'settings'

export type TriedPlace = {
  /** What the place can do, step by step; empty when it was not tried. */
  steps: SelfTestResult[]
  refusal: PlaceRefusal | null
  /** More about it, in words that hold no credentials. */
  detail: string | null
  /** The place in use, with other credentials: nothing has to move. */
  isCurrent: boolean
}

export type NewMove = {
  place: Place
  /** Days that the old copies stay; 0 = none, null = until somebody removes them. */
  keepDays: number | null
}

/**
 * Try a place before anything is stored: whether it may be one, and everything that will be asked of it. Leaves nothing
 * there but a folder.
 */
export async function tryPlace(ctx: MoveNeeds, place: Place): Promise<TriedPlace> {
  await using tried = await openTried(ctx, place)
  return tried.result
}

/**
 * Begin to move all objects to a place; the rest happens by itself (`move-storage.ts`). With other credentials for the
 * place in use they are taken at once, and nothing moves.
 *
 * @returns as `tryPlace`; nothing has begun when something was wrong
 */
export async function beginMove(
  ctx: MoveNeeds,
  { place, keepDays }: NewMove,
  actor: { accountId: string; address: string },
): Promise<TriedPlace & { hasBegun: boolean }> {
  await using tried = await openTried(ctx, place)
  const { result, opened } = tried
  if (result.refusal || !opened || result.steps.some(({ ok }) => !ok)) return { ...result, hasBegun: false }
  if (result.isCurrent) {
    await ctx.choosePlace(place)
    ctx.blobs.renew(opened)
    tried.keep()
    return { ...result, hasBegun: true }
  }
  const now = ctx.clock.now()
  const before = readMove(ctx.db.read, ctx.secrets)
  const isBack = before?.phase === 'resting' && nameOfPlace(before.from) === nameOfPlace(place)
  const sweep = ctx.settings.values.sweep
  const move: Move = {
    phase: 'copying',
    from: ctx.blobs.place,
    to: place,
    keepDays,
    begunAt: now,
    switchedAt: null,
    removeAt: null,
    since: sweep?.store === nameOfPlace(ctx.blobs.place) ? sweep.since : now,
    toSince: isBack ? before.since : 0,
    sitting: { startedAt: now, objects: 0, bytes: 0 },
    trouble: null,
    cleared: { removed: 0, left: 0 },
    isCancelled: false,
  }
  await ctx.db.write((tx) => {
    if (!mayBegin(readMove(tx, ctx.secrets), place)) throw new Problem('storage.moving')
    forgetMoved(tx)
    writeMove(ctx, tx, move)
    recordEvent(ctx, tx, {
      event: 'storage.move_begun',
      accountId: actor.accountId,
      address: actor.address,
      details: { to: nameOfPlace(place) },
    })
  })
  ctx.blobs.join(opened)
  tried.keep()
  return { ...result, hasBegun: true }
}

/** One move at a time; back to where the old copies rest is always a way. */
function mayBegin(move: Move | null, place: Place): boolean {
  if (!move || move.phase === 'done') return true
  return move.phase === 'resting' && nameOfPlace(move.from) === nameOfPlace(place)
}

type Tried = AsyncDisposable & {
  result: TriedPlace
  opened: OpenPlace | null
  /** It is in use from here on. */
  keep(): void
}

async function openTried(ctx: MoveNeeds, place: Place): Promise<Tried> {
  const isCurrent = nameOfPlace(place) === nameOfPlace(ctx.blobs.place)
  let opened: OpenPlace | null = null
  let isKept = false
  const done = (result: Partial<TriedPlace>): Tried => ({
    result: { steps: [], refusal: null, detail: null, isCurrent, ...result },
    opened,
    keep: () => {
      isKept = true
    },
    [Symbol.asyncDispose]: async () => {
      if (!isKept) await opened?.store.close()
    },
  })
  const pinned = ctx.pinned()
  if (pinned.length > 0) return done({ refusal: 'pinned', detail: pinned.join(', ') })
  if (isCurrent && place.kind === 'disk') return done({ refusal: 'same' })
  if (!isCurrent && !mayBegin(readMove(ctx.db.read, ctx.secrets), place)) return done({ refusal: 'under_way' })
  const fault = await faultOfFolder(ctx, place)
  if (fault) return done(fault)
  try {
    opened = await openPlace(place, ctx.config.dataFolder, { make: true })
  } catch (error) {
    return done({ refusal: 'settings', detail: reasonOf(error) })
  }
  const steps = await selfTest(opened.store)
  if (isCurrent || steps.some(({ ok }) => !ok)) return done({ steps })
  try {
    if (await isSamePlace(ctx, opened.store, ctx.blobs.first.store)) return done({ steps, refusal: 'same' })
    if (!isPlaceBefore(ctx, place) && (await holdsStrangers(ctx, opened.store)))
      return done({ steps, refusal: 'of_another_server' })
  } catch (error) {
    return done({ steps, refusal: 'settings', detail: reasonOf(error) })
  }
  return done({ steps })
}

function isPlaceBefore(ctx: MoveNeeds, place: Place): boolean {
  const move = readMove(ctx.db.read, ctx.secrets)
  return move !== null && nameOfPlace(move.from) === nameOfPlace(place)
}

/** Objects that this server does not know: they would be swept, or swept by theirs. */
async function holdsStrangers({ db }: MoveNeeds, store: BlobStore): Promise<boolean> {
  for await (const { id } of store.list()) if (!readBlob(db.read, id)) return true
  return false
}

/** What may lie in the folder of a store: its shards, and what is on its way. */
const ofAStore = /^([0-9a-f-]{2}|tmp|lost\+found)$/

async function faultOfFolder(
  { config }: Pick<MoveNeeds, 'config'>,
  place: Place,
): Promise<{ refusal: PlaceRefusal; detail?: string } | null> {
  if (place.kind === 's3' || place.folder === null) return null
  const { folder } = place
  if (!isAbsolute(folder) || resolve(folder) !== folder) return { refusal: 'not_absolute' }
  if (isInside(folder, config.dataFolder) || isInside(config.dataFolder, folder)) return { refusal: 'in_data_folder' }
  const parent = await stat(dirname(folder)).catch(() => null)
  if (!parent?.isDirectory()) return { refusal: 'no_folder', detail: dirname(folder) }
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : error))
  if (names instanceof Error) return { refusal: 'settings', detail: names.message }
  const foreign = names.find((name) => !ofAStore.test(name))
  return foreign === undefined ? null : { refusal: 'not_empty', detail: foreign }
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !way.startsWith('..') && !isAbsolute(way)
}
