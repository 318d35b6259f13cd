import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { nameChanged } from '#server/notices/templates/name-changed.ts'
import { namesTaken, requireFreeNames } from './create-account.ts'
import { normalName, readName } from './names.ts'
import { requireProof } from './require-proof.ts'
import { deleteResetCode } from './reset-codes.ts'
import { readAccount, updateNames } from './store.ts'
import { tellPerson } from './tell-person.ts'
import type { WebActor } from './web-session.ts'

/** As typed; empty = none. */
export type GivenNames = { email: string; username: string }

/**
 * Call an account something else. The address it had before is told, and a reset link that was sent there stops working.
 *
 * @throws auth.proof_needed; input.invalid for a name of the wrong kind, or for none at all; account.exists
 */
export async function changeNames(ctx: Context, actor: WebActor, given: GivenNames, address: string): Promise<void> {
  requireProof(ctx, actor)
  const { accountId } = actor
  const wanted = { email: pick(given.email, 'email'), username: pick(given.username, 'username') }
  await namesTaken(() =>
    ctx.db.write((tx) => {
      const before = readAccount(tx, accountId)
      if (!before) throw new Problem('auth.signed_out')
      const { email, username } = keptAsTheyAre(before, wanted, given)
      if (email === before.email && username === before.username) return
      if (email === null && username === null) throw new Problem('input.invalid')
      requireFreeNames(tx, [email, username], accountId)
      const changed = [
        ...(email === before.email ? [] : ['email']),
        ...(username === before.username ? [] : ['username']),
      ]
      recordEvent(ctx, tx, {
        event: 'account.name_changed',
        accountId,
        address,
        details: { changed: changed.join(' ') },
      })
      tellPerson(ctx, tx, accountId, (about) => nameChanged({ ...about, now: email ?? username ?? '' }))
      if (email !== before.email) deleteResetCode(tx, accountId)
      updateNames(tx, accountId, { email, username })
    }),
  )
  ctx.outbox.kick()
}

type Wanted = { email: string | null | undefined; username: string | null | undefined }

/** @returns null for none, undefined for one of the wrong kind */
function pick(given: string, kind: 'email' | 'username'): string | null | undefined {
  if (given.trim() === '') return null
  const named = readName(given) as Partial<Record<typeof kind, string>> | null
  return named?.[kind]
}

/** Apps may have given a name that the pages would not take; it may stay. @throws input.invalid */
function keptAsTheyAre(
  before: { email: string | null; username: string | null },
  wanted: Wanted,
  given: GivenNames,
): { email: string | null; username: string | null } {
  const choose = (kind: 'email' | 'username') => {
    const name = wanted[kind]
    if (name !== undefined) return name
    if (normalName(given[kind]) !== before[kind]) throw new Problem('input.invalid')
    return before[kind]
  }
  return { email: choose('email'), username: choose('username') }
}
