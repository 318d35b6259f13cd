import { createHash } from 'node:crypto'
import { and, asc, count, desc, eq, max, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared } from '#db/prepared.ts'
import { blobs, personas, personaTombstones } from '#db/schema/index.ts'
import type { Entrant } from '#server/people/still-in.ts'
import type { Owner } from '#server/vault/vault.ts'

/** Which persona of whom. */
export type PersonaKey = { accountId: string; personaId: string }

/** The same for who changes it, with what let them in. */
export type OwnPersona = PersonaKey & Entrant

export type Persona = {
  personaId: string
  contentType: string
  version: number
  blobId: string
  size: number
  sha256: string
  updatedAt: number
}

const kind = 'persona'
/** As many as somebody may have personas; who deletes more has the oldest forgotten. */
const mostTombstones = 10_000

/** Under which name the vault keeps it; account ids hold no slash. */
export function ownerOf({ accountId, personaId }: PersonaKey): Owner {
  return { kind, id: `${accountId}/${personaId}`, accountId }
}

const key = and(
  eq(personas.accountId, sql.placeholder('accountId')),
  eq(personas.personaId, sql.placeholder('personaId')),
)

const queries = prepared((db) => ({
  persona: db
    .select({
      personaId: personas.personaId,
      contentType: personas.contentType,
      version: personas.version,
      blobId: personas.blobId,
      size: blobs.size,
      sha256: blobs.sha256,
      updatedAt: personas.updatedAt,
    })
    .from(personas)
    .innerJoin(blobs, eq(blobs.id, personas.blobId))
    .where(key)
    .prepare(),
  // SQLite compares text by its UTF-8 bytes, which is the order of code points.
  ids: db
    .select({ id: personas.personaId })
    .from(personas)
    .where(eq(personas.accountId, sql.placeholder('accountId')))
    .orderBy(asc(personas.personaId))
    .prepare(),
  newest: db
    .select({ version: max(blobs.version) })
    .from(blobs)
    .where(and(eq(blobs.ownerKind, kind), eq(blobs.ownerId, sql.placeholder('ownerId'))))
    .prepare(),
  buried: db
    .select({ version: personaTombstones.version })
    .from(personaTombstones)
    .where(
      and(
        eq(personaTombstones.accountId, sql.placeholder('accountId')),
        eq(personaTombstones.nameHash, sql.placeholder('nameHash')),
      ),
    )
    .prepare(),
  point: db
    .insert(personas)
    .values({
      accountId: sql.placeholder('accountId'),
      personaId: sql.placeholder('personaId'),
      contentType: sql.placeholder('contentType'),
      version: sql.placeholder('version'),
      blobId: sql.placeholder('blobId'),
      updatedAt: sql.placeholder('updatedAt'),
    })
    .onConflictDoUpdate({
      target: [personas.accountId, personas.personaId],
      set: {
        contentType: sql`excluded.content_type`,
        version: sql`excluded.version`,
        blobId: sql`excluded.blob_id`,
        updatedAt: sql`excluded.updated_at`,
      },
    })
    .prepare(),
}))

export function readPersona(db: Orm, persona: PersonaKey): Persona | undefined {
  return queries(db).persona.get({ accountId: persona.accountId, personaId: persona.personaId })
}

/** Ascending by code point. */
export function listPersonaIds(db: Orm, accountId: string): string[] {
  return queries(db)
    .ids.all({ accountId })
    .map(({ id }) => id)
}

/** A persona as a list shows it. */
export type ListedPersona = Omit<Persona, 'blobId' | 'sha256'> & {
  /** Its object was found missing or changed. */
  isDamaged: boolean
}

/** The latest change first. */
export function listPersonas(
  db: Orm,
  accountId: string,
  { offset, limit }: { offset: number; limit: number },
): ListedPersona[] {
  return db
    .select({
      personaId: personas.personaId,
      contentType: personas.contentType,
      version: personas.version,
      size: blobs.size,
      updatedAt: personas.updatedAt,
      state: blobs.state,
    })
    .from(personas)
    .innerJoin(blobs, eq(blobs.id, personas.blobId))
    .where(eq(personas.accountId, accountId))
    .orderBy(desc(personas.updatedAt), asc(personas.personaId))
    .limit(limit)
    .offset(offset)
    .all()
    .map(({ state, ...persona }) => ({ ...persona, isDamaged: state === 'quarantined' }))
}

/** Those whose object was found missing or changed; few, one hopes. */
export function listDamagedPersonaIds(db: Orm, accountId: string): string[] {
  return db
    .select({ id: personas.personaId })
    .from(personas)
    .innerJoin(blobs, eq(blobs.id, personas.blobId))
    .where(and(eq(personas.accountId, accountId), eq(blobs.state, 'quarantined')))
    .orderBy(asc(personas.personaId))
    .limit(20)
    .all()
    .map(({ id }) => id)
}

export function countPersonas(db: Orm, accountId: string): number {
  return db.select({ n: count() }).from(personas).where(eq(personas.accountId, accountId)).get()?.n ?? 0
}

/**
 * The highest version a persona ever had; 0 for none. The next one goes on from here after a DELETE too, so that an `ETag`
 * from before never matches what came after.
 */
export function readNewestVersion(db: Orm, persona: PersonaKey): number {
  const { accountId, personaId } = persona
  const kept = queries(db).newest.get({ ownerId: ownerOf(persona).id })?.version ?? 0
  const buried = queries(db).buried.get({ accountId, nameHash: hashOf(personaId) })?.version ?? 0
  return Math.max(kept, buried)
}

export function pointPersonaAt(
  db: Orm,
  { accountId, personaId }: PersonaKey,
  to: { contentType: string; version: number; blobId: string; updatedAt: number },
): void {
  queries(db).point.run({ accountId, personaId, ...to })
}

/** Take the pointer away and leave a tombstone with the version it had. */
export function deletePersona(db: Orm, { accountId, personaId }: PersonaKey, version: number, deletedAt: number): void {
  db.delete(personas)
    .where(and(eq(personas.accountId, accountId), eq(personas.personaId, personaId)))
    .run()
  const row = { accountId, nameHash: hashOf(personaId), version, deletedAt }
  const target = [personaTombstones.accountId, personaTombstones.nameHash]
  db.insert(personaTombstones).values(row).onConflictDoUpdate({ target, set: row }).run()
  db.run(sql`delete from ${personaTombstones} where rowid in
    (select rowid from ${personaTombstones} where ${eq(personaTombstones.accountId, accountId)}
      order by deleted_at desc limit -1 offset ${mostTombstones})`)
}

function hashOf(personaId: string): string {
  return createHash('sha256').update(personaId).digest('hex')
}

/** Ids of a person's superseded personas, the latest change first; those that are there now as well. */
export function listSupersededIds(db: Orm, accountId: string): string[] {
  return db
    .select({ ownerId: blobs.ownerId })
    .from(blobs)
    .where(and(eq(blobs.accountId, accountId), eq(blobs.ownerKind, kind), eq(blobs.state, 'superseded')))
    .groupBy(blobs.ownerId)
    .orderBy(desc(max(blobs.supersededAt)))
    .all()
    .map(({ ownerId }) => ownerId.slice(accountId.length + 1))
}
