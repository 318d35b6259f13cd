import type { Chunks } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { type Conditions, requireConditions } from '#server/http/conditions.ts'
import { Problem } from '#server/kit/problem.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import {
  countPersonas,
  type OwnPersona,
  ownerOf,
  type Persona,
  type PersonaKey,
  pointPersonaAt,
  readNewestVersion,
  readPersona,
} from './store.ts'

/** A list of more would not be read by anybody; and ids are the one thing that the quota does not count. */
const mostPersonas = 10_000

export type Upload = {
  /** As given; kept and answered verbatim. */
  contentType: string
  /** Bytes after inflating, null when they will only be known at the end. */
  length: number | null
  chunks: Chunks
  signal?: AbortSignal
}

/**
 * Store a persona, new or over the one that is there; that one becomes history. A body that breaks off leaves
 * everything as it was (personas §3, §7.11).
 *
 * @returns the new version
 * @throws precondition.failed, auth.signed_out for who was shut out meanwhile, body.too_large, quota.exceeded, store.full, store.unavailable, and what the body throws
 */
export async function putPersona(
  ctx: Context,
  persona: OwnPersona,
  upload: Upload,
  conditions: Conditions,
): Promise<number> {
  const limits = { min: 0, max: ctx.settings.values.personaMaxBytes }
  if ((upload.length ?? 0) > limits.max) throw new Problem('body.too_large')
  const current = readPersona(ctx.db.read, persona)
  requireConditions(conditions, tagOf(current))
  if (!current) requireRoom(ctx, persona)

  const quota = ctx.vault.approve(persona.accountId, upload.length ?? 0, current?.size)
  const staged = await ctx.vault.stage(upload.chunks, quota, {
    limits,
    ...(upload.length === null ? {} : { length: upload.length }),
    ...(upload.signal ? { signal: upload.signal } : {}),
  })
  return ctx.vault.commit(staged, ownerOf(persona), (tx, keep) => {
    requireStillIn(tx, persona)
    const latest = readPersona(tx, persona)
    requireConditions(conditions, tagOf(latest))
    const version = (latest?.version ?? readNewestVersion(tx, persona)) + 1
    const { contentType } = upload
    const blobId = keep({ version, replaces: latest?.blobId ?? null, mediaType: contentType })
    pointPersonaAt(tx, persona, { contentType, version, blobId, updatedAt: ctx.clock.now() })
    return version
  })
}

export function etag(version: number): string {
  return `"${version}"`
}

export function tagOf(persona: Pick<Persona, 'version'> | undefined): string | null {
  return persona ? etag(persona.version) : null
}

function requireRoom(ctx: Context, { accountId }: PersonaKey): void {
  if (countPersonas(ctx.db.read, accountId) >= mostPersonas)
    throw new Problem('quota.exceeded', { message: 'Too many personas' })
}
