import { z } from 'zod'
import type { TriedPlace } from '#server/keeping/begin-move.ts'
import type { KeepingConcern } from '#server/keeping/find-keeping-concerns.ts'
import type { ShownMove, ShownPlace, StorageOverview } from '#server/keeping/read-storage.ts'
import { requireProof } from '#server/people/require-proof.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import { readInput } from './read-input.ts'
import { readVisitor } from './session-cookie.ts'

export type { KeepingConcern, ShownMove, ShownPlace, StorageOverview, TriedPlace }

/** Where bytes lie, how many, and how they are; and the time it was looked at. */
export async function storageOf(_admin: Admin): Promise<StorageOverview & { now: number }> {
  const { ctx } = house()
  return { ...(await ctx.keeping.readStorage()), now: ctx.clock.now() }
}

/** How far the move is, and how far the check of everything. */
export function workOf(_admin: Admin): { move: ShownMove | null; isChecking: boolean; now: number } {
  const { ctx } = house()
  return { move: ctx.keeping.readMove(), isChecking: ctx.work.isRunning('scrub'), now: ctx.clock.now() }
}

/** What is not as it should be with the bytes and their copies, the gravest first. */
export function concernsOf(_admin: Admin): Promise<KeepingConcern[]> {
  return house().ctx.keeping.findConcerns()
}

const text = z.string().trim().max(1024)

const FolderFields = z.object({ kind: z.literal('disk'), folder: text.min(1) })

const BucketFields = z.object({
  kind: z.literal('s3'),
  endpoint: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).transform((url) => url || undefined),
  region: text.transform((region) => region || 'us-east-1'),
  bucket: text.min(3),
  prefix: text,
  accessKeyId: text.min(1),
  secretAccessKey: text.min(1),
  forcePathStyle: z.stringbool().default(false),
})

const PlaceFields = z.discriminatedUnion('kind', [FolderFields, BucketFields])

/** A folder, or a bucket with its keys. */
export type GivenPlace =
  | { kind: 'folder'; folder: string }
  | { kind: 's3'; s3: Omit<z.output<typeof BucketFields>, 'kind'> & { endpoint: string | undefined } }

/** @param form  the fields of `place-fields.tsx` @throws input.invalid */
export function readPlace(form: unknown): GivenPlace {
  const given = readInput(PlaceFields, Object.fromEntries(readInput(z.instanceof(FormData), form)))
  if (given.kind === 'disk') return { kind: 'folder', folder: given.folder.replace(/(?<=.)[/\\]+$/, '') }
  const { kind, endpoint, ...rest } = given
  return { kind, s3: { ...rest, endpoint } }
}

/** @throws auth.proof_needed */
export function tryPlaceOf(admin: Admin, place: GivenPlace): Promise<TriedPlace> {
  const { ctx } = house()
  requireProof(ctx, admin)
  return ctx.keeping.tryPlace(asStore(place))
}

/** @param keepDays  how long the old copies stay; null = until somebody removes them @throws auth.proof_needed */
export async function beginMoveOf(
  admin: Admin,
  place: GivenPlace,
  keepDays: number | null,
): Promise<TriedPlace & { hasBegun: boolean }> {
  const { ctx } = house()
  requireProof(ctx, admin)
  return ctx.keeping.beginMove({ place: asStore(place), keepDays }, await actorOf(admin))
}

/** @throws auth.proof_needed, not_found */
export async function cancelMoveOf(admin: Admin): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  await ctx.keeping.cancelMove(await actorOf(admin))
}

/** @throws auth.proof_needed, not_found */
export async function removeOldCopiesOf(admin: Admin): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  await ctx.keeping.removeOldCopies()
}

/** @throws auth.proof_needed, not_found */
export async function keepOldCopiesOf(admin: Admin): Promise<void> {
  const { ctx } = house()
  requireProof(ctx, admin)
  await ctx.keeping.keepOldCopies()
}

/** @throws not_found */
export async function retryMoveOf(_admin: Admin): Promise<void> {
  await house().ctx.keeping.retryMove()
}

export function checkEverythingOf(_admin: Admin): void {
  house().ctx.keeping.scrubAll()
}

/** Who does it and from where, for the audit log. */
export async function actorOf({ accountId }: Admin): Promise<{ accountId: string; address: string }> {
  return { accountId, address: (await readVisitor()).address }
}

export function asStore(place: GivenPlace) {
  return place.kind === 'folder' ? { kind: 'disk' as const, folder: place.folder } : place
}
