import type { Orm } from '#db/client.ts'
import { openCursor } from './cursor.ts'
import type { Sync } from './read-request.ts'
import { type LogUser, listBeyond, listClients, readSpanBeyond, type StoredClient } from './store.ts'

/**
 * What an answer holds: every operation of the log that arrived after `after` and not after `until`; of those only the
 * ones beyond the index in `beyond` by client, or only those in `seqs`, where given.
 */
export type Choice = {
  userId: number
  after: number
  until: number
  beyond: Array<[client: number, index: number]> | null
  seqs: number[] | null
}

export type Chosen = {
  /** Null = nothing. */
  choice: Choice | null
  /** Number of the last operation of the log, 0 for none. */
  until: number
  /** Client → first index that is missing (oplog-sync D6). */
  gaps: Array<[clientId: string, index: number]>
  /** Whether the caller knows of something that is not stored here (oplog-sync D17). */
  behind: boolean
}

/** Up to as many operations are picked one by one through the index of their client; more are found by reading along. */
const mostPicked = 4_096

/**
 * Choose what a caller does not know yet, from one row a client: "nothing new" costs the same however long the log is,
 * and what is chosen costs what there is of it (oplog-sync D1, D2, D3, D7, D10).
 *
 * @param inclusive  the last known operation itself is sent again (oplog-sync D1)
 * @param key  seals cursors
 */
export function chooseOperations(
  db: Orm,
  user: LogUser | undefined,
  sync: Sync,
  { inclusive, key }: { inclusive: boolean; key: Buffer },
): Chosen {
  const clients = user ? listClients(db, user.id) : []
  const until = Math.max(0, ...clients.map((client) => client.lastSeq))
  const since = sync.cursor === null || !user ? null : openCursor(db, key, user.id, sync.cursor)
  const known = knownIndexes(sync, { fromStatus: since === null })
  const lastSkipped = (client: StoredClient) => known(client.clientKey) - (inclusive ? 1 : 0)
  const wanted = clients.filter((client) => client.highest > lastSkipped(client) && client.lastSeq > (since ?? 0))
  return {
    choice: user && wanted.length > 0 ? choose(db, user.id, clients, wanted, { lastSkipped, since, until }) : null,
    until,
    gaps: clients.filter((one) => one.contiguous < one.highest).map((one) => [one.clientId, one.contiguous + 1]),
    behind: isBehind(sync, clients) || (sync.cursor !== null && sync.cursor !== '0' && since === null),
  }
}

/** With a cursor only the caller's own index counts: it has just sent that operation (oplog-sync D2, D7). */
function knownIndexes({ clientId, index, status }: Sync, { fromStatus }: { fromStatus: boolean }) {
  const own = clientId.toLowerCase()
  return (client: string): number => {
    if (client === own) return Math.max(status.get(own) ?? -1, index)
    return fromStatus ? (status.get(client) ?? -1) : -1
  }
}

function isBehind({ status }: Sync, clients: StoredClient[]): boolean {
  const highest = new Map(clients.map((client) => [client.clientKey, client.highest]))
  return [...status].some(([client, index]) => index > (highest.get(client) ?? -1))
}

type Reach = { lastSkipped(client: StoredClient): number; since: number | null; until: number }

function choose(db: Orm, userId: number, clients: StoredClient[], wanted: StoredClient[], reach: Reach): Choice {
  const { lastSkipped, since, until } = reach
  const after = Math.max(since ?? 0, Math.min(...wanted.map((client) => client.firstSeq)) - 1)
  const isWhole = wanted.length === clients.length && clients.every((client) => lastSkipped(client) < 0)
  if (isWhole) return { userId, after, until, beyond: null, seqs: null }

  const seqs = since === null ? pick(db, wanted, lastSkipped) : null
  if (seqs) return { userId, after, until, beyond: null, seqs: seqs.sort((a, b) => a - b) }
  const beyond = wanted.map((client): [number, number] => [client.id, lastSkipped(client)])
  const [first, last] = span(db, wanted, lastSkipped)
  return { userId, after: Math.max(after, first - 1), until: Math.min(until, last), beyond, seqs: null }
}

/** @returns null when there are too many of them to be picked */
function pick(db: Orm, wanted: StoredClient[], lastSkipped: Reach['lastSkipped']): number[] | null {
  const seqs: number[] = []
  for (const client of wanted) {
    seqs.push(...listBeyond(db, client.id, lastSkipped(client), mostPicked + 1 - seqs.length))
    if (seqs.length > mostPicked) return null
  }
  return seqs
}

/** When the first and the last wanted operation arrived. */
function span(db: Orm, wanted: StoredClient[], lastSkipped: Reach['lastSkipped']): [first: number, last: number] {
  const spans = wanted.map((client) => {
    const skipped = lastSkipped(client)
    return skipped < 0 ? { first: client.firstSeq, last: client.lastSeq } : readSpanBeyond(db, client.id, skipped)
  })
  return [Math.min(...spans.map(({ first }) => first)), Math.max(...spans.map(({ last }) => last))]
}
