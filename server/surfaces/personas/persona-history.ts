import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import {
  listPersonaIds,
  listSupersededIds,
  type OwnPersona,
  ownerOf,
  type PersonaKey,
  pointPersonaAt,
  readNewestVersion,
  readPersona,
} from './store.ts'

/** A version that was replaced or deleted and can be brought back until `retention` takes it. */
export type PastPersona = {
  version: number
  size: number
  contentType: string
  /** Milliseconds. */
  createdAt: number
  supersededAt: number | null
}

const unknownType = 'application/octet-stream'

/** Earlier versions of one persona, newest first; of one that was deleted, its last version as well. */
export function listPersonaHistory(ctx: Context, persona: PersonaKey): PastPersona[] {
  return ctx.vault.history(ownerOf(persona)).map((row) => ({
    version: row.version,
    size: row.size,
    contentType: row.mediaType ?? unknownType,
    createdAt: row.createdAt,
    supersededAt: row.supersededAt,
  }))
}

/** The bytes of an earlier version. @throws not_found, object.missing, object.damaged, store.unavailable */
export async function openPastPersona(ctx: Context, persona: PersonaKey, version: number): Promise<StoredBytes> {
  const row = ctx.vault.history(ownerOf(persona)).find((past) => past.version === version)
  if (!row) throw new Problem('not_found')
  return ctx.vault.open(row.id)
}

/** Ids of personas that were deleted and can be brought back, the last deleted first. */
export function listDeletedPersonas(ctx: Context, accountId: string): string[] {
  const there = new Set(listPersonaIds(ctx.db.read, accountId))
  return listSupersededIds(ctx.db.read, accountId).filter((id) => !there.has(id))
}

/**
 * Make an earlier version the current one again, whether the persona is still there or was deleted. What it replaces
 * becomes history in turn, and the version number moves on.
 *
 * @returns the new version
 * @throws not_found when the history does not hold that version (any more), quota.exceeded, auth.signed_out
 */
export function restorePersona(ctx: Context, persona: OwnPersona, version: number): Promise<number> {
  return ctx.vault.restore(ownerOf(persona), version, (tx, keep, row) => {
    requireStillIn(tx, persona)
    const current = readPersona(tx, persona)
    const next = (current?.version ?? readNewestVersion(tx, persona)) + 1
    const blobId = keep({ version: next, replaces: current?.blobId ?? null })
    const contentType = row.mediaType ?? unknownType
    pointPersonaAt(tx, persona, { contentType, version: next, blobId, updatedAt: ctx.clock.now() })
    return next
  })
}
