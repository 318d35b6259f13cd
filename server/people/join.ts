import type { Context } from '#server/context.ts'
import type { RateLimit } from '#server/http/rate-limit.ts'
import { Problem } from '#server/kit/problem.ts'
import { insertNewAccount, namesTaken } from './create-account.ts'
import { guardedInvitation, openInvitation, redeemInvitation } from './invitations.ts'
import { type Named, readName } from './names.ts'
import { requireOpenRegistration } from './registration.ts'
import type { Arrival } from './sign-in-to-pages.ts'
import { openWebSession } from './web-session.ts'

/** Loose enough for a family that joins in one evening. */
const pace: RateLimit = { name: 'join', perSecond: 0.2, burst: 20 }

export type Joining = {
  /** An e-mail address or a user name, as typed. */
  name: string
  password: string
  /** The code of an invitation; null = without one, while registration is open. */
  invitation: string | null
}

/**
 * Make an account on the pages and open its first session. With an invitation, its last use goes to one account alone:
 * counting the use and making the account are one transaction.
 *
 * @returns the session's token
 * @throws auth.registration_closed, invitation.refused, input.invalid for a name that is neither, account.exists,
 *   rate.limited, server.busy
 */
export async function join(ctx: Context, { name, password, invitation }: Joining, arrival: Arrival): Promise<string> {
  const { address } = arrival
  ctx.rates.take(pace, address)
  // Before anything else: a closed house does not tell who lives in it, nor hashes for strangers.
  if (invitation === null) requireOpenRegistration(ctx.settings)
  else await openInvitation(ctx, invitation, address)
  const named = readName(name)
  if (!named) throw new Problem('input.invalid')

  const passwordHash = await ctx.passwords.hash(password)
  const enter = () => namesTaken(() => moveIn(ctx, { named, passwordHash, invitation }, arrival))
  return invitation === null ? enter() : guardedInvitation(ctx, address, enter)
}

type Newcomer = { named: Named; passwordHash: string; invitation: string | null }

function moveIn(ctx: Context, { named, passwordHash, invitation }: Newcomer, arrival: Arrival): Promise<string> {
  const { address } = arrival
  const id = ctx.ids.uuid()
  return ctx.db.write((tx) => {
    const granted =
      invitation === null
        ? ({ role: 'member' } as const)
        : redeemInvitation(ctx, tx, invitation, { accountId: id, address })
    insertNewAccount(ctx, tx, { id, passwordHash, ...named, ...granted }, address)
    return openWebSession(ctx, tx, { ...arrival, accountId: id, by: 'password' })
  })
}
