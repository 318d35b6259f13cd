import { and, asc, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { prepared, unplanned } from '#db/prepared.ts'
import { accounts, operations, oplogClients, oplogLinkCodes, oplogUsers } from '#db/schema/index.ts'

export type LogUser = typeof oplogUsers.$inferSelect
export type LogClient = typeof oplogClients.$inferSelect
export type StoredClient = Omit<LogClient, 'userId' | 'operations'>
export type NewOperation = Omit<typeof operations.$inferInsert, 'seq'>

const slot = and(
  eq(operations.client, sql.placeholder('client')),
  eq(operations.operationIndex, sql.placeholder('operationIndex')),
)

const queries = prepared((db) => {
  const page = db
    .select({ seq: operations.seq, line: operations.line })
    .from(operations)
    .where(
      and(
        eq(operations.userId, sql.placeholder('userId')),
        gt(operations.seq, sql.placeholder('after')),
        lte(operations.seq, sql.placeholder('until')),
      ),
    )
    .orderBy(asc(operations.seq))
    .limit(sql.placeholder('rows'))
    .as('page')
  return {
    user: db
      .select()
      .from(oplogUsers)
      .where(eq(oplogUsers.userHash, sql.placeholder('userHash')))
      .prepare(),
    // As one text: a thousand rows one by one take five times as long, and every request needs them.
    clients: db
      .select({
        rows: sql<string>`json_group_array(json_array(${oplogClients.id}, ${oplogClients.clientId},
          ${oplogClients.highest}, ${oplogClients.contiguous}, ${oplogClients.inOrder}, ${oplogClients.firstSeq},
          ${oplogClients.lastSeq}))`,
      })
      .from(oplogClients)
      .where(eq(oplogClients.userId, sql.placeholder('userId')))
      .prepare(),
    client: db
      .select()
      .from(oplogClients)
      .where(
        and(
          eq(oplogClients.userId, sql.placeholder('userId')),
          eq(oplogClients.clientKey, sql.placeholder('clientKey')),
        ),
      )
      .prepare(),
    slot: db.select({ sha256: operations.sha256, md5: operations.md5 }).from(operations).where(slot).prepare(),
    insert: db
      .insert(operations)
      .values({
        userId: sql.placeholder('userId'),
        client: sql.placeholder('client'),
        operationIndex: sql.placeholder('operationIndex'),
        md5: sql.placeholder('md5'),
        sha256: sql.placeholder('sha256'),
        size: sql.placeholder('size'),
        line: sql.placeholder('line'),
        blobId: sql.placeholder('blobId'),
        createdAt: sql.placeholder('createdAt'),
      })
      .returning({ seq: operations.seq })
      .prepare(),
    advance: db
      .update(oplogClients)
      .set({
        highest: sql`${sql.placeholder('highest')}`,
        contiguous: sql`${sql.placeholder('contiguous')}`,
        inOrder: sql`${sql.placeholder('inOrder')}`,
        firstSeq: sql`${sql.placeholder('firstSeq')}`,
        lastSeq: sql`${sql.placeholder('lastSeq')}`,
        operations: sql`${oplogClients.operations} + 1`,
      })
      .where(eq(oplogClients.id, sql.placeholder('id')))
      .prepare(),
    count: db
      .update(oplogUsers)
      .set({
        operations: sql`${oplogUsers.operations} + 1`,
        bytes: sql`${oplogUsers.bytes} + ${sql.placeholder('bytes')}`,
        clients: sql`${oplogUsers.clients} + ${sql.placeholder('clients')}`,
        lastOperationAt: sql`${sql.placeholder('at')}`,
      })
      .where(eq(oplogUsers.id, sql.placeholder('id')))
      .prepare(),
    page: db
      .select({
        bytes: sql<Buffer | null>`cast(group_concat(${page.line}, '') as blob)`,
        last: sql<number | null>`max(${page.seq})`,
        rows: sql<number>`count(*)`,
      })
      .from(page)
      .prepare(),
    nextLarge: db
      .select({
        seq: operations.seq,
        client: operations.client,
        index: operations.operationIndex,
        blobId: operations.blobId,
      })
      .from(operations)
      .where(
        and(
          eq(operations.userId, sql.placeholder('userId')),
          gt(operations.seq, sql.placeholder('after')),
          lte(operations.seq, sql.placeholder('until')),
          sql`${operations.blobId} is not null`,
        ),
      )
      .orderBy(asc(operations.seq))
      .limit(1)
      .prepare(),
    lines: db
      .select({ line: operations.line, blobId: operations.blobId })
      .from(operations)
      .where(sql`${operations.seq} in (select value from json_each(${sql.placeholder('seqs')}))`)
      .orderBy(asc(operations.seq))
      .prepare(),
    windowEnd: db
      .select({ seq: operations.seq })
      .from(operations)
      .where(
        and(
          eq(operations.userId, sql.placeholder('userId')),
          gt(operations.seq, sql.placeholder('after')),
          lte(operations.seq, sql.placeholder('until')),
        ),
      )
      .orderBy(asc(operations.seq))
      .limit(1)
      .offset(sql.placeholder('operations'))
      .prepare(),
    beyond: db
      .select({ seq: operations.seq })
      .from(operations)
      .where(and(eq(operations.client, sql.placeholder('client')), gt(operations.operationIndex, unplanned('index'))))
      .orderBy(asc(operations.operationIndex))
      .limit(sql.placeholder('rows'))
      .prepare(),
    spanBeyond: db
      .select({ first: sql<number>`min(${operations.seq})`, last: sql<number>`max(${operations.seq})` })
      .from(operations)
      .where(and(eq(operations.client, sql.placeholder('client')), gt(operations.operationIndex, unplanned('index'))))
      .prepare(),
    arrival: db
      .select({ userId: operations.userId, sha256: operations.sha256 })
      .from(operations)
      .where(eq(operations.seq, sql.placeholder('seq')))
      .prepare(),
    // The first index from here on that has no successor.
    endOfRun: db
      .select({ index: operations.operationIndex })
      .from(operations)
      .where(
        and(
          eq(operations.client, sql.placeholder('client')),
          sql`${operations.operationIndex} >= ${sql.placeholder('from')}`,
          sql`not exists (select 1 from operations as next where next.client = ${operations.client}
            and next.operation_index = ${operations.operationIndex} + 1)`,
        ),
      )
      .orderBy(asc(operations.operationIndex))
      .limit(1)
      .prepare(),
  }
})

export function readUser(db: Orm, userHash: string): LogUser | undefined {
  return queries(db).user.get({ userHash })
}

export function insertUser(db: Orm, user: typeof oplogUsers.$inferInsert): LogUser {
  return db.insert(oplogUsers).values(user).returning().get()
}

export function updateUser(db: Orm, id: number, changes: Partial<Omit<LogUser, 'id'>>): void {
  db.update(oplogUsers).set(changes).where(eq(oplogUsers.id, id)).run()
}

/** An account's logs, oldest first. */
export function listUsersOf(db: Orm, accountId: string): LogUser[] {
  return db.select().from(oplogUsers).where(eq(oplogUsers.accountId, accountId)).orderBy(asc(oplogUsers.id)).all()
}

/** What is stored of every client of a log. */
export function listClients(db: Orm, userId: number): StoredClient[] {
  const rows = JSON.parse(queries(db).clients.get({ userId })?.rows ?? '[]') as ClientRow[]
  return rows.map(([id, clientId, highest, contiguous, inOrder, firstSeq, lastSeq]) => ({
    id,
    clientId,
    clientKey: clientId.toLowerCase(),
    highest,
    contiguous,
    inOrder: inOrder === 1,
    firstSeq,
    lastSeq,
  }))
}

type ClientRow = [number, string, number, number, number, number, number]

/** @param clientKey  lower-cased */
export function readClient(db: Orm, userId: number, clientKey: string): LogClient | undefined {
  return queries(db).client.get({ userId, clientKey })
}

export function insertClient(db: Orm, client: typeof oplogClients.$inferInsert): LogClient {
  return db.insert(oplogClients).values(client).returning().get()
}

export function updateClient(
  db: Orm,
  id: number,
  to: Pick<LogClient, 'highest' | 'contiguous' | 'inOrder' | 'firstSeq' | 'lastSeq'>,
): void {
  queries(db).advance.run({ id, ...to, inOrder: to.inOrder ? 1 : 0 })
}

/** @returns its place in the order of arrival */
export function insertOperation(db: Orm, operation: NewOperation): number {
  return queries(db).insert.get({ ...operation, blobId: operation.blobId ?? null, line: operation.line ?? null }).seq
}

/** One operation more, and perhaps one client. */
export function countOperation(db: Orm, id: number, more: { bytes: number; clients: 0 | 1; at: number }): void {
  queries(db).count.run({ id, ...more })
}

/** What tells one payload from another, of the operation stored at that index. */
export function readSlot(db: Orm, client: number, operationIndex: number) {
  return queries(db).slot.get({ client, operationIndex })
}

/** The last index of the run without a gap that goes through `from`, which is stored. */
export function readEndOfRun(db: Orm, client: number, from: number): number {
  return queries(db).endOfRun.get({ client, from })?.index ?? from
}

/** Whose operation arrived as number `seq`, and what it was. */
export function readArrival(db: Orm, seq: number) {
  return queries(db).arrival.get({ seq })
}

type Span = { userId: number; after: number; until: number }

/** Lines of the next operations as one piece, in order of arrival; those kept in the store are left out. */
export function readPage(db: Orm, span: Span, rows: number): { bytes: Buffer | null; last: number | null } {
  return queries(db).page.get({ ...span, rows }) ?? { bytes: null, last: null }
}

/** The next operation whose line is in the store. */
export function readNextLarge(db: Orm, span: Span) {
  return queries(db).nextLarge.get(span)
}

/** Where a window of that many operations ends; null when the span has not as many. */
export function readWindowEnd(db: Orm, span: Span, operations: number): number | null {
  return queries(db).windowEnd.get({ ...span, operations: operations - 1 })?.seq ?? null
}

/**
 * As `readPage`, of those operations alone that are beyond an index of their client. The index `operations_log` holds all
 * that this goes by; rows are read only for what is found.
 */
export function readPageBeyond(db: Orm, { userId, after, until }: Span, beyond: Array<[number, number]>, rows: number) {
  return db.get<{ bytes: Buffer | null; last: number | null }>(sql`
    with wanted as materialized (select value ->> 0 as client, value ->> 1 as beyond from json_each(${JSON.stringify(beyond)})),
    page as (
      select o.seq, o.line from operations o indexed by operations_log cross join wanted w on w.client = o.client
      where o.user_id = ${userId} and o.seq > ${after} and o.seq <= ${until} and o.operation_index > w.beyond
      order by o.seq limit ${rows}
    )
    select cast(group_concat(line, '') as blob) as bytes, max(seq) as last from page`)
}

/** Lines of these operations, in order of arrival. */
export function readLines(db: Orm, seqs: number[]): { line: string | null; blobId: string | null }[] {
  return queries(db).lines.all({ seqs: JSON.stringify(seqs) })
}

/** When operations of a client beyond an index arrived, by ascending index. */
export function listBeyond(db: Orm, client: number, index: number, rows: number): number[] {
  return queries(db)
    .beyond.all({ client, index, rows })
    .map(({ seq }) => seq)
}

/** When the first and the last operation of a client beyond an index arrived; there is one. */
export function readSpanBeyond(db: Orm, client: number, index: number): { first: number; last: number } {
  return queries(db).spanBeyond.get({ client, index }) ?? { first: 0, last: 0 }
}

/** A person has one code at a time; a new one ends the one before. */
export function putLinkCode(db: Orm, row: typeof oplogLinkCodes.$inferInsert): void {
  db.insert(oplogLinkCodes).values(row).onConflictDoUpdate({ target: oplogLinkCodes.accountId, set: row }).run()
}

/** Use a code up. @returns whose it is; null when it is not good */
export function claimLinkCode(db: Orm, codeHash: string, now: number): string | null {
  const found = db
    .select({ accountId: oplogLinkCodes.accountId })
    .from(oplogLinkCodes)
    .innerJoin(accounts, eq(accounts.id, oplogLinkCodes.accountId))
    .where(and(eq(oplogLinkCodes.codeHash, codeHash), gt(oplogLinkCodes.expiresAt, now), isNull(accounts.disabledAt)))
    .get()
  if (!found) return null
  db.delete(oplogLinkCodes).where(eq(oplogLinkCodes.codeHash, codeHash)).run()
  return found.accountId
}
