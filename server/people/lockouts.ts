import type { Database, Orm } from '#db/client.ts'
import type { Clock } from '#server/kit/clock.ts'
import type { Ids } from '#server/kit/ids.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { forgive, type GuessRow, listSpent } from './guess-store.ts'
import { guessRules } from './guesses.ts'
import { type AccountRow, readAccount } from './store.ts'

/** A door that is closed after too many wrong guesses. */
export type Lockout = {
  key: string
  /** What was guessed at. */
  what: 'password' | 'proof' | 'reset' | 'recovery' | 'invitation' | 'log link' | 'pairing'
  /** Whose; null for a name that nobody has, and for what belongs to nobody. */
  account: { id: string; name: string } | null
  /** IPv4 address or /64; null = every place the person did not sign in from lately. */
  address: string | null
  wrong: number
  /** Milliseconds. */
  since: number
  until: number
}

/** Those of now, the latest first. */
export function listLockouts({ clock }: { clock: Clock }, db: Orm): Lockout[] {
  return listSpent(db, clock.now()).map((row) => lockoutOf(db, row))
}

/**
 * Forgive one. A running server notices when somebody knocks the next time.
 *
 * @param by  the keeper; null for the command line
 * @throws not_found when it is over
 */
export async function liftLockout(
  ctx: { clock: Clock; ids: Ids; db: Database },
  key: string,
  by: { accountId: string; address: string } | null,
): Promise<void> {
  await ctx.db.write((tx) => {
    const found = listLockouts(ctx, tx).find((one) => one.key === key)
    if (!found || forgive(tx, { key }) === 0) throw new Problem('not_found')
    recordLift(ctx, tx, found.account?.id ?? null, by)
  })
}

/** Forgive every wrong guess at somebody's password and codes. @returns how many counts there were */
export async function liftLockoutsOf(
  ctx: { clock: Clock; ids: Ids; db: Database },
  { id }: AccountRow,
  by: { accountId: string; address: string } | null,
): Promise<number> {
  return ctx.db.write((tx) => {
    const lifted = forgive(tx, { subjects: [id, `reset ${id}`, `recovery ${id}`, `proof ${id}`] })
    if (lifted > 0) recordLift(ctx, tx, id, by)
    return lifted
  })
}

function recordLift(
  ctx: { clock: Clock; ids: Ids },
  tx: Orm,
  accountId: string | null,
  by: { accountId: string; address: string } | null,
): void {
  const details = by ? { details: { by: by.accountId } } : {}
  recordEvent(ctx, tx, { event: 'session.lifted', accountId, address: by?.address ?? null, ...details })
}

function lockoutOf(db: Orm, { key, subject, address, rule, wrong, since }: GuessRow): Lockout {
  const [, kind, id] = /^(?:(reset|recovery|proof) )?([0-9a-f-]{36})$/.exec(subject ?? '') ?? []
  const account = id ? readAccount(db, id) : undefined
  const nobodys = subject === 'invitation' || subject === 'log link' || subject === 'pairing' ? subject : 'password'
  return {
    key,
    what: kind === 'reset' || kind === 'recovery' || kind === 'proof' ? kind : nobodys,
    account: account ? { id: account.id, name: account.email ?? account.username ?? '' } : null,
    address: rule === 'place' ? address : null,
    wrong,
    since,
    until: since + guessRules[rule].milliseconds,
  }
}
