import { and, asc, eq, inArray, isNotNull, lte, ne, sql } from 'drizzle-orm'
import type { Orm } from '#db/client.ts'
import { accounts, auditEvents, blobs, cloudSlots, oplogUsers, otpDevices, otps, personas } from '#db/schema/index.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { accountDeleted } from '#server/notices/templates/account-deleted.ts'

type Needs = Pick<
  Context,
  'db' | 'clock' | 'settled' | 'ids' | 'log' | 'outbox' | 'config' | 'address' | 'httpsAddress'
>

/** Rows touched in one transaction: some milliseconds, so that nobody waits long for theirs. */
const batch = 500
/** A mail about something that is gone is of use for a while yet. */
const mailLifetime = 3 * 24 * 3_600_000

type Doomed = { id: string; email: string | null; language: string | null }

/**
 * Delete everything of people whose grace period is over. One step after the other, each a transaction that may be
 * repeated, the account's own row last: a stop in between is made up for by the next run. Objects are handed to the
 * reaper, logs to `prune-logs.ts`. Nobody can change their mind any more once it began (`isLeaving`).
 *
 * @returns how many accounts went
 */
export async function deleteAccounts(ctx: Needs): Promise<number> {
  const due = listDue(ctx.db.read, ctx.settled.now())
  for (const account of due) {
    for (const step of steps) while ((await ctx.db.write((tx) => step(tx, account.id, ctx.clock.now()))) > 0);
    await ctx.db.write((tx) => forget(ctx, tx, account))
    ctx.log.info({ account: account.id }, 'an account was deleted')
  }
  if (due.length > 0) ctx.outbox.kick()
  return due.length
}

function listDue(db: Orm, now: number): Doomed[] {
  return db
    .select({ id: accounts.id, email: accounts.email, language: accounts.language })
    .from(accounts)
    .where(and(isNotNull(accounts.deleteAt), isNotNull(accounts.disabledAt), lte(accounts.deleteAt, now)))
    .orderBy(asc(accounts.deleteAt))
    .all()
}

/** Takes some of what an account has. @returns how much; 0 when nothing is left */
type Step = (tx: Orm, accountId: string, now: number) => number

const steps: Step[] = [dropPersonas, dropSlots, dropOtps, dropLogs, dropObjects, blurEvents]

function dropPersonas(tx: Orm, accountId: string): number {
  return tx.run(sql`delete from ${personas} where rowid in
    (select rowid from ${personas} where ${personas.accountId} = ${accountId} limit ${batch})`).changes
}

function dropSlots(tx: Orm, accountId: string): number {
  return tx.delete(cloudSlots).where(eq(cloudSlots.accountId, accountId)).run().changes
}

function dropOtps(tx: Orm, accountId: string): number {
  const some = tx
    .select({ id: otps.id })
    .from(otps)
    .innerJoin(otpDevices, eq(otpDevices.id, otps.deviceId))
    .where(eq(otpDevices.accountId, accountId))
    .limit(batch)
    .all()
    .map(({ id }) => id)
  return some.length === 0 ? 0 : tx.delete(otps).where(inArray(otps.id, some)).run().changes
}

/** As `deleteLog` does it: gone for its devices at once. */
function dropLogs(tx: Orm, accountId: string, now: number): number {
  return tx
    .update(oplogUsers)
    .set({ userHash: sql`'deleted ' || ${oplogUsers.id}`, accountId: null, deletedAt: now })
    .where(eq(oplogUsers.accountId, accountId))
    .run().changes
}

/** Damaged ones as well; pointers to them are gone by now. */
function dropObjects(tx: Orm, accountId: string): number {
  return tx.run(sql`update ${blobs} set state = 'reaping' where id in
    (select id from ${blobs} where ${blobs.accountId} = ${accountId} and ${ne(blobs.state, 'reaping')} limit ${batch})`)
    .changes
}

/** What happened stays known to the keeper; from where, and what things were called, does not. */
function blurEvents(tx: Orm, accountId: string): number {
  return tx.run(sql`update ${auditEvents} set address = null, details = null where id in
    (select id from ${auditEvents} where ${auditEvents.accountId} = ${accountId}
      and (address is not null or details is not null) limit ${batch})`).changes
}

/** Everything that is left goes with the row: sessions, passkeys, codes, devices. */
function forget(ctx: Needs, tx: Orm, { id, email, language }: Doomed): void {
  // Whatever may have come in between: an import, say.
  for (const step of steps) while (step(tx, id, ctx.clock.now()) > 0);
  if (tx.delete(accounts).where(eq(accounts.id, id)).run().changes === 0) return
  recordEvent(ctx, tx, { event: 'account.deleted', accountId: id })
  if (!email) return
  const mail = accountDeleted({ recipient: email, language, server: publicUrl(ctx) })
  ctx.outbox.queue(tx, { recipient: email, ...mail }, mailLifetime)
}
