import { nameOfPlace, type Place } from '#server/blobs/place.ts'
import type { S3Config } from '#server/config/env.ts'
import type { Context } from '#server/context.ts'
import type { TriedPlace } from '#server/keeping/begin-move.ts'
import { pinnedPlaceNames } from '#server/keeping/choose-place.ts'
import { Problem } from '#server/kit/problem.ts'
import { readUsage } from '#server/vault/store.ts'
import { type Claimant, keepAnswer } from './answer-step.ts'
import { requireClaim } from './claim.ts'

/** What a place can do, and whether it is in use now. */
export type ChosenStorage = Omit<TriedPlace, 'isCurrent'> & { isChosen: boolean }

/**
 * Choose where objects lie. The place is tried first; with nothing to move, it is in use at once.
 *
 * @throws setup.closed, setup.not_claimed, setup.restoring
 */
export function chooseStorage(ctx: Context, claimant: Claimant, place: Place): Promise<ChosenStorage> {
  return ctx.setup.inTurn(async () => {
    const { keeperId } = requireClaim(ctx.db.read, claimant.claim)
    if (keeperId === null) throw new Problem('setup.unfinished')
    const isSame = place.kind === 'disk' && nameOfPlace(place) === nameOfPlace(ctx.blobs.place)
    const tried = isSame ? null : await moveTo(ctx, place, { accountId: keeperId, address: claimant.address })
    if (tried === null || tried.isChosen) await keepAnswer(ctx, claimant, 'storage', {})
    return tried ?? { steps: [], refusal: null, detail: null, isChosen: true }
  })
}

async function moveTo(
  ctx: Context,
  place: Place,
  actor: { accountId: string; address: string },
): Promise<ChosenStorage> {
  const { steps, refusal, detail, hasBegun } = await ctx.keeping.beginMove({ place, keepDays: 0 }, actor)
  if (hasBegun) await ctx.keeping.moveOn()
  return { steps, refusal, detail, isChosen: hasBegun && nameOfPlace(ctx.blobs.place) === nameOfPlace(place) }
}

export type StoragePlace = {
  /** In the data folder. */
  isOwn: boolean
  /** In use, in words that hold no credentials. */
  place: string
  /** Of the data folder, where objects lie unless they are told otherwise. */
  folder: string
  /** A variable of the environment that says so; null = it can be chosen. */
  pinned: string | null
  /** Whether it can be chosen without moving anything. */
  isEmpty: boolean
}

export function readStoragePlace(ctx: Context): StoragePlace {
  const { place } = ctx.blobs
  const folder = ctx.config.dataFolder
  return {
    isOwn: place.kind === 'disk' && place.folder === null,
    place: place.kind === 's3' ? nameOfS3(place.s3) : (place.folder ?? folder),
    folder,
    pinned: pinnedPlaceNames(ctx)[0] ?? null,
    isEmpty: readUsage(ctx.db.read).length === 0,
  }
}

function nameOfS3({ endpoint, bucket, prefix }: S3Config): string {
  return [endpoint ? new URL(endpoint).host : 'Amazon S3', bucket, prefix].filter(Boolean).join('/')
}
