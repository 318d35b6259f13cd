import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { insertNewAccount, namesTaken } from '#server/people/create-account.ts'
import { readName } from '#server/people/names.ts'
import { type Arrival, signInByPassword } from '#server/people/sign-in-to-pages.ts'
import { makeAdmin, readAccount } from '#server/people/store.ts'
import { openWebSession, readWebSession } from '#server/people/web-session.ts'
import { requireClaim } from './claim.ts'
import { type SetupState, writeSetupState } from './state.ts'

type Given = {
  /** An e-mail address or a user name, as typed. */
  name: string
  password: string
}

/**
 * Make the account of the person who keeps this server, and open its first session.
 *
 * @returns the session's token
 * @throws setup.closed, setup.not_claimed, setup.restoring, setup.keeper_exists, input.invalid for a name that is neither,
 *   account.exists, server.busy
 */
export async function makeKeeper(
  ctx: Context,
  claim: string | null,
  { name, password }: Given,
  arrival: Arrival,
): Promise<string> {
  const named = readName(name)
  if (!named) throw new Problem('input.invalid')
  return ctx.setup.inTurn(async () => {
    requireNoKeeper(requireClaim(ctx.db.read, claim))
    const passwordHash = await ctx.passwords.hash(password)
    const id = ctx.ids.uuid()
    return namesTaken(() =>
      ctx.db.write((tx) => {
        const state = requireClaim(tx, claim)
        requireNoKeeper(state)
        insertNewAccount(ctx, tx, { id, passwordHash, role: 'admin', ...named }, arrival.address)
        appoint(ctx, tx, state, id, arrival.address)
        return openWebSession(ctx, tx, { ...arrival, accountId: id, by: 'password' })
      }),
    )
  })
}

/**
 * The same for somebody who made an account before set-up, on this machine.
 *
 * @returns the session's token
 * @throws setup.closed, setup.not_claimed, setup.restoring, setup.keeper_exists; auth.failed, rate.limited, server.busy
 */
export function becomeKeeper(ctx: Context, claim: string | null, given: Given, arrival: Arrival): Promise<string> {
  return ctx.setup.inTurn(async () => {
    requireNoKeeper(requireClaim(ctx.db.read, claim))
    const token = await signInByPassword(ctx, given, arrival)
    const actor = await readWebSession(ctx, token)
    if (!actor) throw new Problem('auth.failed')
    await ctx.db.write((tx) => {
      const state = requireClaim(tx, claim)
      requireNoKeeper(state)
      makeAdmin(tx, actor.accountId)
      appoint(ctx, tx, state, actor.accountId, arrival.address)
    })
    return token
  })
}

function appoint(ctx: Context, tx: Orm, { done }: SetupState, keeperId: string, address: string): void {
  writeSetupState(tx, { keeperId, done: [...done, 'keeper'] })
  recordEvent(ctx, tx, { event: 'server.keeper_made', accountId: keeperId, address })
}

/** There is exactly one first admin, whoever comes second. */
function requireNoKeeper({ keeperId }: SetupState): void {
  if (keeperId !== null) throw new Problem('setup.keeper_exists')
}

/** What the keeper made in set-up is called; null while there is none. */
export function nameOfKeeper(db: Orm, { keeperId }: SetupState): string | null {
  const account = keeperId === null ? undefined : readAccount(db, keeperId)
  return account ? (account.email ?? account.username) : null
}
