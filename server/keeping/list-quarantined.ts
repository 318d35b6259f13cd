import { desc, eq, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, auditEvents, blobs } from '#db/schema/index.ts'

/** A kept object that is not what was stored, for the keeper: whose it is, never what is in it. */
export type QuarantinedObject = {
  id: string
  /** `cloud`, `persona`, … */
  kind: string
  /** The person's name, or null when they are gone. */
  owner: string | null
  size: number
  version: number
  fault: string | null
  /** Whether it is the current version; else one of the history. */
  isCurrent: boolean
  /** When it was found, milliseconds; null when that is not written down any more. */
  foundAt: number | null
}

const most = 200

export function listQuarantined(db: Orm): QuarantinedObject[] {
  const foundAt = sql<number | null>`(select max(e.at) from ${auditEvents} e
    where e.event = 'object.quarantined' and json_extract(e.details, '$.blob') = ${blobs.id})`
  return db
    .select({
      id: blobs.id,
      kind: blobs.ownerKind,
      owner: sql<string | null>`coalesce(${accounts.email}, ${accounts.username})`,
      size: blobs.size,
      version: blobs.version,
      fault: blobs.fault,
      isCurrent: sql<number>`${blobs.supersededAt} is null`,
      foundAt,
    })
    .from(blobs)
    .leftJoin(accounts, eq(accounts.id, blobs.accountId))
    .where(eq(blobs.state, 'quarantined'))
    .orderBy(desc(blobs.id))
    .limit(most)
    .all()
    .map((row) => ({ ...row, isCurrent: row.isCurrent === 1 }))
}
