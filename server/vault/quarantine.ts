import type { Database } from '#db/client.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import type { Log } from '#server/kit/log.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { type BlobRow, quarantineBlob, releaseBlob } from './store.ts'

type Needs = { db: Database; clock: Clock; ids: Ids; log: Log }

/** `unreadable`: the store is well and yet cannot give it out, as of a disk with a bad sector. */
export type Fault = 'missing' | 'size' | 'hash' | 'unreadable'

/** Put an object aside and write it down, once. @returns what the one who asked for it is told */
export async function quarantineObject(needs: Needs, row: BlobRow, fault: Fault): Promise<Problem> {
  const { db, log } = needs
  log.error({ blob: row.id, owner: row.ownerKind, fault }, 'a kept object is not what was stored')
  const report = db.write((tx) => {
    if (!quarantineBlob(tx, row.id, fault)) return
    recordEvent(needs, tx, {
      event: 'object.quarantined',
      accountId: row.accountId,
      details: { blob: row.id, kind: row.ownerKind, version: row.version, fault },
    })
  })
  await report.catch((error) => log.error({ error }, 'could not record the quarantine'))
  return new Problem(fault === 'missing' ? 'object.missing' : 'object.damaged')
}

/** The object was found whole after all. */
export async function releaseObject(needs: Needs, row: BlobRow): Promise<void> {
  await needs.db.write((tx) => {
    releaseBlob(tx, row.id)
    recordEvent(needs, tx, { event: 'object.healed', accountId: row.accountId, details: { blob: row.id } })
  })
}
