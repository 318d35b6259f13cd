import type { TriedTarget } from '#server/keeping/choose-target.ts'
import type { KeptSnapshot, SnapshotsOverview } from '#server/keeping/read-snapshots.ts'
import type { Kit } from '#server/keeping/recovery-kit.ts'
import type { WorkState } from '#server/kit/background-work.ts'
import { requireProof } from '#server/people/require-proof.ts'
import type { Admin } from './admin.ts'
import { house } from './house.ts'
import { actorOf, type GivenPlace } from './storage.ts'

export type { KeptSnapshot, Kit, SnapshotsOverview, TriedTarget, WorkState }

/** Where copies of the server go and how they went; what the server is called, and the time it was looked at. */
export async function snapshotsOf(_admin: Admin): Promise<SnapshotsOverview & { hostname: string; now: number }> {
  const { ctx } = house()
  return { ...(await ctx.keeping.readSnapshots()), hostname: ctx.config.hostname, now: ctx.clock.now() }
}

/** @returns newest first; or why the place cannot be read */
export function keptSnapshotsOf(_admin: Admin): Promise<KeptSnapshot[] | string> {
  return house().ctx.keeping.listSnapshots()
}

export function snapshotWorkOf(_admin: Admin): WorkState | null {
  return house().ctx.work.stateOf('snapshot')
}

/** @throws auth.proof_needed */
export function tryTargetOf(admin: Admin, place: GivenPlace): Promise<TriedTarget> {
  const { ctx } = house()
  requireProof(ctx, admin)
  return ctx.keeping.tryTarget(asTarget(place))
}

/** @param place  null = no snapshots any more @throws auth.proof_needed, config.pinned, config.refused */
export async function chooseTargetOf(
  admin: Admin,
  place: GivenPlace | null,
): Promise<TriedTarget & { isChosen: boolean }> {
  const { ctx } = house()
  requireProof(ctx, admin)
  return ctx.keeping.chooseTarget(place && asTarget(place), await actorOf(admin))
}

/** A new key, which counts once it is confirmed. @throws auth.proof_needed */
export async function makeKitOf(admin: Admin): Promise<Kit> {
  const { ctx } = house()
  requireProof(ctx, admin)
  return ctx.keeping.kits.make(await actorOf(admin))
}

/** @param typed  how the key ends @throws input.invalid, not_found */
export async function confirmKitOf(admin: Admin, typed: string): Promise<void> {
  await house().ctx.keeping.kits.confirm(await actorOf(admin), typed)
}

/** Make one now, in the background. @param adopt  an empty folder is a new one */
export function takeSnapshotOf(_admin: Admin, adopt: boolean): void {
  house().ctx.keeping.takeSnapshot({ adopt })
}

function asTarget(place: GivenPlace) {
  return place.kind === 'folder' ? place : { kind: 's3' as const, s3: place.s3 }
}
