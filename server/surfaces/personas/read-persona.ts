import type { ByteRange } from '#server/blobs/blob-store.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { StoredBytes } from '#server/vault/vault.ts'
import { type Persona, type PersonaKey, readPersona } from './store.ts'

/** The persona as it stands. @throws persona.not_found when there is none, or none any more */
export function findPersona(ctx: Context, persona: PersonaKey): Persona {
  const found = readPersona(ctx.db.read, persona)
  if (!found) throw new Problem('persona.not_found')
  return found
}

/** The persona, after making sure that its object is there. @throws persona.not_found, object.missing, object.damaged */
export async function statPersona(ctx: Context, persona: PersonaKey): Promise<Persona> {
  const found = findPersona(ctx, persona)
  await ctx.vault.stat(found.blobId)
  return found
}

/** The bytes as they are now; an overwrite meanwhile does not touch what is being read. */
export function openPersona(ctx: Context, persona: Persona, range?: ByteRange): Promise<StoredBytes> {
  return ctx.vault.open(persona.blobId, range)
}
