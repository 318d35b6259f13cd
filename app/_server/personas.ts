import {
  type DeletedPersona,
  type PersonaPage,
  type PersonaWithHistory,
  readDeletedPersonas,
  readPersonaPage,
  readPersonaWithHistory,
} from '#server/home/read-personas.ts'
import { readConditions } from '#server/http/conditions.ts'
import { openPastPersona, type PastPersona, restorePersona } from '#server/surfaces/personas/persona-history.ts'
import { putPersona } from '#server/surfaces/personas/put-persona.ts'
import { findPersona, openPersona } from '#server/surfaces/personas/read-persona.ts'
import { readUpload } from '#server/surfaces/personas/read-upload.ts'
import { removePersona } from '#server/surfaces/personas/remove-persona.ts'
import type { ListedPersona } from '#server/surfaces/personas/store.ts'
import { readPersonaId } from '#server/surfaces/personas/wire.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { type HistoryRules, historyRules } from './history-rules.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

export type { DeletedPersona, ListedPersona, PastPersona }

export type PersonasShown = PersonaPage & { deleted: DeletedPersona[]; now: number; mostBytes: number } & HistoryRules

/** @param page  from 0 */
export function personasOf({ accountId }: Member, page: number, perPage: number): PersonasShown {
  const { ctx } = house()
  return {
    ...readPersonaPage(ctx, accountId, page, perPage),
    deleted: readDeletedPersonas(ctx, accountId),
    mostBytes: ctx.settings.values.personaMaxBytes,
    ...historyRules(ctx),
  }
}

type PersonaShown = PersonaWithHistory & { mostBytes: number } & HistoryRules

/** One persona; null when there is none of that name, nor one that was deleted. */
export function personaOf({ accountId }: Member, personaId: string): PersonaShown | null {
  const { ctx } = house()
  const found = readPersonaWithHistory(ctx, { accountId, personaId })
  return found && { ...found, mostBytes: ctx.settings.values.personaMaxBytes, ...historyRules(ctx) }
}

/**
 * The bytes of a persona as it stands, or of an earlier version.
 *
 * @throws persona.not_found, not_found, object.missing, object.damaged, store.unavailable
 */
export async function openPersonaOf(
  { accountId }: Member,
  personaId: string,
  version: number,
): Promise<{ stored: StoredBytes; contentType: string }> {
  const { ctx } = house()
  const persona = { accountId, personaId }
  const past = personaOfVersion({ accountId }, personaId, version)
  if (past) return { stored: await openPastPersona(ctx, persona, version), contentType: past.contentType }
  const found = findPersona(ctx, persona)
  return { stored: await openPersona(ctx, found), contentType: found.contentType }
}

/** Put a version of the history back. @throws not_found, quota.exceeded */
export function restorePersonaOf(member: Member, personaId: string, version: number): Promise<number> {
  return restorePersona(house().ctx, { ...member, personaId }, version)
}

/** Take a persona away, if it still is that version; it stays in the history. @throws precondition.failed */
export function removePersonaOf(member: Member, personaId: string, version: number): Promise<void> {
  const conditions = readConditions(new Headers({ 'If-Match': `"${version}"` }))
  return removePersona(house().ctx, { ...member, personaId }, conditions)
}

/**
 * Keep the body of a request as a persona. `If-Match` and `If-None-Match` are as on the wire (personas §3).
 *
 * @returns the new version
 * @throws precondition.failed, auth.signed_out, body.too_large, quota.exceeded, input.invalid and what the body throws
 */
export async function uploadPersonaOf(member: Member, personaId: string, request: Request): Promise<number> {
  const { ctx } = house()
  await using upload = await readUpload(request, ctx.settings.values.personaMaxBytes)
  return await putPersona(
    ctx,
    { ...member, personaId: readPersonaId(personaId) },
    upload,
    readConditions(request.headers),
  )
}

function personaOfVersion({ accountId }: Pick<Member, 'accountId'>, personaId: string, version: number) {
  const found = readPersonaWithHistory(house().ctx, { accountId, personaId })
  return found?.history.find((past) => past.version === version)
}
