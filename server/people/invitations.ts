import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import {
  countInvitationUse,
  type InvitationRow,
  insertInvitation,
  listGoodInvitationsOf,
  listInvitationRows,
  listJoined,
  readGoodInvitation,
  revokeInvitationRow,
} from './invitation-store.ts'
import { registrationPolicy } from './registration.ts'
import { newTypedCode, typedCodeHash } from './typed-code.ts'

/** 60 random bits: short enough to be typed, and twenty guesses in a quarter of an hour find none. */
const codeGroups = 3
const day = 24 * 3_600_000

/** Enough for making and listing them, so that the command line needs no whole server. */
export type InvitationNeeds = Pick<Context, 'clock' | 'ids'>

export type NewInvitation = {
  role: InvitationRow['role']
  /** Bytes; null = the server's default. */
  quotaBytes: number | null
  /** How many accounts may be made with it, from 1. */
  uses: number
  /** How long it is good. */
  days: number
  /** Account id; null = the keeper, from the command line. */
  madeBy: string | null
}

/**
 * Make an invitation in a transaction of the caller's. Whether somebody may invite is the caller's question.
 *
 * @returns its id, and the code, e.g. `7K2M-0QRS-9XYZ`, of which only the hash is kept
 */
export function makeInvitation(
  ctx: InvitationNeeds,
  tx: Orm,
  { role, quotaBytes, uses, days, madeBy }: NewInvitation,
): { id: string; code: string; expiresAt: number } {
  const id = ctx.ids.uuid()
  const code = newTypedCode(ctx, codeGroups)
  const createdAt = ctx.clock.now()
  const expiresAt = createdAt + days * day
  insertInvitation(tx, {
    id,
    codeHash: typedCodeHash('invitation', code),
    role,
    quotaBytes,
    uses,
    madeBy,
    createdAt,
    expiresAt,
  })
  recordEvent(ctx, tx, { event: 'invitation.made', accountId: madeBy, details: { invitation: id, role, uses, days } })
  return { id, code, expiresAt }
}

export type ListedInvitation = Omit<InvitationRow, 'codeHash'> & {
  state: 'good' | 'used up' | 'expired' | 'revoked'
  /** What those who joined by it are called, as far as they are still here. */
  joined: string[]
}

/** The latest first. */
export function listInvitations({ clock }: Pick<Context, 'clock'>, db: Orm): ListedInvitation[] {
  const joined = listJoined(db)
  return listInvitationRows(db).map(({ codeHash: _, ...row }) => ({
    ...row,
    state: stateOf(row, clock.now()),
    joined: joined.get(row.id) ?? [],
  }))
}

function stateOf(row: Omit<InvitationRow, 'codeHash'>, now: number): ListedInvitation['state'] {
  if (row.revokedAt !== null) return 'revoked'
  if (row.used >= row.uses) return 'used up'
  return row.expiresAt <= now ? 'expired' : 'good'
}

/** Nobody else gets in by it; whoever did stays. @throws invitation.unknown */
export function revokeInvitation(ctx: InvitationNeeds, tx: Orm, id: string, revokedBy: string | null): void {
  if (!revokeInvitationRow(tx, id, ctx.clock.now())) throw new Problem('invitation.unknown')
  recordEvent(ctx, tx, { event: 'invitation.revoked', accountId: revokedBy, details: { invitation: id } })
}

/** Revoke whatever somebody made that is still good. */
export function revokeInvitationsOf(ctx: InvitationNeeds, tx: Orm, madeBy: string, revokedBy: string | null): void {
  for (const id of listGoodInvitationsOf(tx, madeBy, ctx.clock.now())) revokeInvitation(ctx, tx, id, revokedBy)
}

/** What an invitation says to whoever holds it. */
export type OpenedInvitation = {
  role: InvitationRow['role']
  /** Milliseconds. */
  expiresAt: number
  /** Who made it, as they are called here; null = the keeper. */
  from: string | null
}

/**
 * Look at an invitation without using it. Wrong codes count as guesses, always.
 *
 * @throws invitation.refused for a code that was never given out, was used up, has run out or was revoked, alike;
 *   auth.registration_closed; rate.limited
 */
export function openInvitation(ctx: Context, code: string, address: string): Promise<OpenedInvitation> {
  return guardedInvitation(ctx, address, async () => {
    const found = findInvitation(ctx, ctx.db.read, code)
    return {
      role: found.role,
      expiresAt: found.expiresAt,
      from: found.makersEmail ?? found.makersUsername,
    }
  })
}

/**
 * Count one use, in the transaction that makes the account.
 *
 * @returns what the account gets
 * @throws invitation.refused
 */
export function redeemInvitation(
  ctx: Context,
  tx: Orm,
  code: string,
  { accountId, address }: { accountId: string; address: string },
): Pick<InvitationRow, 'role' | 'quotaBytes'> & { invitationId: string } {
  const { id, role, quotaBytes, madeBy } = findInvitation(ctx, tx, code)
  if (!countInvitationUse(tx, id, ctx.clock.now())) throw new Problem('invitation.refused')
  recordEvent(ctx, tx, {
    event: 'invitation.used',
    accountId: madeBy,
    address,
    details: { invitation: id, account: accountId },
  })
  return { invitationId: id, role, quotaBytes }
}

/** Try a code, with wrong ones counted by address, whatever they were. @throws rate.limited, what `attempt` throws */
export async function guardedInvitation<T>(ctx: Context, address: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await ctx.guesses.guard('invitation', address, attempt)
  } catch (error) {
    if (isProblem(error) && error.code === 'invitation.refused')
      await ctx.db.write((tx) => recordEvent(ctx, tx, { event: 'invitation.refused', accountId: null, address }))
    throw error
  }
}

function findInvitation(ctx: Context, db: Orm, code: string) {
  if (registrationPolicy(ctx.settings) === 'closed') throw new Problem('auth.registration_closed')
  const found = readGoodInvitation(db, typedCodeHash('invitation', code), ctx.clock.now())
  if (!found) throw new Problem('invitation.refused')
  return found
}

/** Where an invitation is taken up. @param base  the server's public address, never what a request called it */
export function invitationLink(base: string, code: string): string {
  return `${base}/join/${code}`
}
