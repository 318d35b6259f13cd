import type { Context } from '#server/context.ts'
import { listDeletedPersonas, listPersonaHistory, type PastPersona } from '#server/surfaces/personas/persona-history.ts'
import {
  countPersonas,
  type ListedPersona,
  listPersonas,
  type PersonaKey,
  readPersona,
} from '#server/surfaces/personas/store.ts'
import { readBlob } from '#server/vault/store.ts'

export type PersonaPage = { personas: ListedPersona[]; total: number }

export type PersonaWithHistory = {
  personaId: string
  /** Null when it was deleted. */
  current: ListedPersona | null
  /** Newest first. */
  history: PastPersona[]
}

/** Deleted, and there to be brought back. */
export type DeletedPersona = { personaId: string; last: PastPersona }

const mostDeletedShown = 20

/** @param page  from 0 */
export function readPersonaPage(ctx: Context, accountId: string, page: number, perPage: number): PersonaPage {
  return {
    personas: listPersonas(ctx.db.read, accountId, { offset: page * perPage, limit: perPage }),
    total: countPersonas(ctx.db.read, accountId),
  }
}

/** One persona with what is left of its past; null when there is neither. */
export function readPersonaWithHistory(ctx: Context, persona: PersonaKey): PersonaWithHistory | null {
  const found = readPersona(ctx.db.read, persona)
  const history = listPersonaHistory(ctx, persona)
  if (!found) return history.length > 0 ? { personaId: persona.personaId, current: null, history } : null
  const isDamaged = readBlob(ctx.db.read, found.blobId)?.state === 'quarantined'
  return { personaId: persona.personaId, current: { ...found, isDamaged }, history }
}

/** The last deleted first, twenty at most. */
export function readDeletedPersonas(ctx: Context, accountId: string): DeletedPersona[] {
  return listDeletedPersonas(ctx, accountId)
    .slice(0, mostDeletedShown)
    .flatMap((personaId) => {
      const [last] = listPersonaHistory(ctx, { accountId, personaId })
      return last ? [{ personaId, last }] : []
    })
}
