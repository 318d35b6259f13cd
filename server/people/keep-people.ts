import type { Orm } from '#db/client.ts'
import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { accountDisabled } from '#server/notices/templates/account-disabled.ts'
import { accountEnabled } from '#server/notices/templates/account-enabled.ts'
import { accountKept } from '#server/notices/templates/account-kept.ts'
import { deletionOrdered } from '#server/notices/templates/deletion-ordered.ts'
import { changeQuota, changeRole } from './change-rights.ts'
import { invitationLink, makeInvitation, type NewInvitation, revokeInvitation } from './invitations.ts'
import { findOther, findPerson } from './keeper.ts'
import { deletePasskey, listPasskeys } from './passkey-store.ts'
import { registrationPolicy } from './registration.ts'
import { requireProof } from './require-proof.ts'
import { issueResetCode, resetLink, resetMinutes } from './reset-codes.ts'
import { disableAccount, enableAccount, orderDeletion } from './shut-account.ts'
import { type AccountRow, deleteSessionsOf } from './store.ts'
import { tellPerson } from './tell-person.ts'
import type { WebActor } from './web-session.ts'

/** What keepers do to other people's accounts on the pages; each says so in the log of whom it happens to. */

const day = 24 * 3_600_000

export type GivenInvitation = Omit<NewInvitation, 'madeBy'>
export type MadeInvitation = {
  code: string
  link: string
  /** Where the code is typed. */
  typeAt: string
  /** Milliseconds. */
  expiresAt: number
}

/**
 * Make an invitation; its code and link are not to be had a second time.
 *
 * @throws auth.proof_needed, auth.registration_closed while nobody could join with it, not_found
 */
export function invite(ctx: Context, keeper: WebActor, given: GivenInvitation): Promise<MadeInvitation> {
  return proven(ctx, keeper, (tx) => {
    findPerson(ctx, tx, keeper, keeper.accountId)
    if (registrationPolicy(ctx.settings) === 'closed') throw new Problem('auth.registration_closed')
    const { code, expiresAt } = makeInvitation(ctx, tx, { ...given, madeBy: keeper.accountId })
    const base = publicUrl(ctx)
    return { code, link: invitationLink(base, code), typeAt: `${base}/join`, expiresAt }
  })
}

/** @throws invitation.unknown, not_found */
export function endInvitation(ctx: Context, keeper: WebActor, id: string): Promise<void> {
  return ctx.db.write((tx) => {
    findPerson(ctx, tx, keeper, keeper.accountId)
    revokeInvitation(ctx, tx, id, keeper.accountId)
  })
}

/** @throws auth.proof_needed, account.last_admin, not_found */
export async function setRole(
  ctx: Context,
  keeper: WebActor,
  change: { personId: string; role: AccountRow['role'] },
): Promise<void> {
  requireProof(ctx, keeper)
  await ctx.db.write((tx) => changeRole(ctx, tx, keeper, change))
}

/** @param change  bytes; null = the server's default. @throws not_found */
export async function setQuota(
  ctx: Context,
  keeper: WebActor,
  change: { personId: string; quotaBytes: number | null },
): Promise<void> {
  await ctx.db.write((tx) => changeQuota(ctx, tx, keeper, change))
}

/** As `disableAccount`; they are told by mail. @throws auth.proof_needed, account.last_admin, not_found, input.invalid */
export function disablePerson(ctx: Context, keeper: WebActor, personId: string): Promise<void> {
  return proven(ctx, keeper, (tx) => {
    if (disableAccount(ctx, tx, keeper, personId)) tellPerson(ctx, tx, personId, accountDisabled)
  })
}

/** As `enableAccount`; they are told by mail. @throws auth.proof_needed, not_found, input.invalid */
export function enablePerson(ctx: Context, keeper: WebActor, personId: string): Promise<void> {
  return proven(ctx, keeper, (tx) => {
    const was = enableAccount(ctx, tx, keeper, personId)
    if (was !== null) tellPerson(ctx, tx, personId, was === 'leaving' ? accountKept : accountEnabled)
  })
}

/** As `orderDeletion`; they are told by mail. @throws auth.proof_needed, account.last_admin, not_found, input.invalid */
export function deletePerson(ctx: Context, keeper: WebActor, personId: string): Promise<void> {
  return proven(ctx, keeper, (tx) => {
    const deleteAt = ctx.clock.now() + ctx.settings.values.accountGraceDays * day
    orderDeletion(ctx, tx, keeper, { personId, deleteAt })
    tellPerson(ctx, tx, personId, (about) => deletionOrdered({ ...about, deleteAt }))
  })
}

/** End every session of theirs, in browsers and apps. @returns how many there were. @throws not_found, input.invalid */
export function signOutPerson(ctx: Context, keeper: WebActor, personId: string): Promise<number> {
  return ctx.db.write((tx) => {
    const { id } = findOther(ctx, tx, keeper, personId)
    const ended = deleteSessionsOf(tx, id)
    recordEvent(ctx, tx, { event: 'session.ended_by_keeper', accountId: id, details: { ended, by: keeper.accountId } })
    return ended
  })
}

/**
 * Take a passkey that was on a lost device from somebody, the last one too: a reset link brings them back in.
 *
 * @throws auth.proof_needed, passkey.unknown, not_found, input.invalid
 */
export function removePasskeyOf(
  ctx: Context,
  keeper: WebActor,
  { personId, credentialId }: { personId: string; credentialId: string },
): Promise<void> {
  return proven(ctx, keeper, (tx) => {
    const { id: accountId } = findOther(ctx, tx, keeper, personId)
    const removed = listPasskeys(tx, accountId).find((passkey) => passkey.credentialId === credentialId)
    if (!removed) throw new Problem('passkey.unknown')
    deletePasskey(tx, { accountId, credentialId })
    const details = { label: removed.label, by: keeper.accountId }
    recordEvent(ctx, tx, { event: 'passkey.removed', accountId, details })
  })
}

export type IssuedLink = { link: string; minutes: number }

/**
 * A one-time link by which somebody sets a new password, for the keeper to hand over; one before stops working.
 *
 * @throws auth.proof_needed, input.invalid for oneself and for somebody who is shut out, not_found
 */
export function issueResetLink(ctx: Context, keeper: WebActor, personId: string): Promise<IssuedLink> {
  return proven(ctx, keeper, (tx) => {
    const { id, email, username, disabledAt } = findOther(ctx, tx, keeper, personId)
    if (disabledAt !== null) throw new Problem('input.invalid')
    recordEvent(ctx, tx, { event: 'reset.link_issued', accountId: id, details: { by: keeper.accountId } })
    const code = issueResetCode(ctx, tx, id)
    return { link: resetLink(publicUrl(ctx), email ?? username ?? '', code), minutes: resetMinutes }
  })
}

async function proven<T>(ctx: Context, keeper: WebActor, work: (tx: Orm) => T): Promise<T> {
  requireProof(ctx, keeper)
  const result = await ctx.db.write(work)
  ctx.outbox.kick()
  return result
}
