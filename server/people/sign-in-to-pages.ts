import type { Context } from '#server/context.ts'
import type { Language } from '#server/kit/language.ts'
import { Problem } from '#server/kit/problem.ts'
import type { RelyingParty } from '#server/webauthn/relying-party.ts'
import { mayEnterPages } from './may-enter.ts'
import { normalName } from './names.ts'
import { askForPasskey, type PasskeyAnswer, type PasskeyRequest, provePasskey } from './prove-passkey.ts'
import { requireUnchanged } from './record-sign-in.ts'
import { redeemRecoveryCode } from './recovery-codes.ts'
import { signIn } from './sign-in.ts'
import { type AccountRow, readAccount, readAccountByName } from './store.ts'
import { openWebSession, type Visitor } from './web-session.ts'

/**
 * Signing in is open to whoever is leaving, too: their session opens nothing but the way back (`readLeavingSession`).
 */

/** Somebody at the sign-in page. */
export type Arrival = Visitor & {
  /** Token of the session this browser holds already, which the new one replaces. */
  replaces: string | null
  /** Of the page. */
  language: Language
}

/**
 * By name and password.
 *
 * @returns the session's token
 * @throws auth.failed, rate.limited, server.busy
 */
export async function signInByPassword(
  ctx: Context,
  { name, password }: { name: string; password: string },
  arrival: Arrival,
): Promise<string> {
  const admits = (account: AccountRow) => mayEnterPages(account, ctx.clock.now())
  const checked = await signIn(ctx, name, password, arrival.address, admits)
  return ctx.db.write((tx) => {
    requireUnchanged(tx, checked, admits)
    return openWebSession(ctx, tx, { ...arrival, accountId: checked.id, by: 'password' })
  })
}

const signInContext = (rp: RelyingParty) => ({ kind: 'ACCOUNT_SIGN_IN', rpId: rp.id })

/** @throws rate.limited */
export function startPasskeySignIn(ctx: Context, rp: RelyingParty, { address }: Visitor): Promise<PasskeyRequest> {
  return askForPasskey(ctx, { rp, context: signInContext(rp) }, address)
}

/**
 * By a passkey, which says itself whose it is.
 *
 * @returns the session's token
 * @throws challenge.*, webauthn.*, passkey.unknown, auth.failed for a disabled account, rate.limited
 */
export function signInByPasskey(
  ctx: Context,
  answer: PasskeyAnswer,
  rp: RelyingParty,
  arrival: Arrival,
): Promise<string> {
  return provePasskey(ctx, answer, { rp, context: signInContext(rp) }, arrival.address, (tx, { accountId }) => {
    const account = readAccount(tx, accountId)
    if (!account || !mayEnterPages(account, ctx.clock.now())) throw new Problem('auth.failed')
    return openWebSession(ctx, tx, { ...arrival, accountId, by: 'passkey' })
  })
}

/**
 * By name and recovery code, with wrong codes counted as wrong passwords are, always.
 *
 * @returns the session's token
 * @throws auth.failed for a wrong or used code, nobody and a disabled account alike; rate.limited
 */
export function signInByRecoveryCode(
  ctx: Context,
  { name, code }: { name: string; code: string },
  arrival: Arrival,
): Promise<string> {
  const known = normalName(name)
  const account = readAccountByName(ctx.db.read, known)
  const accountId = account && mayEnterPages(account, ctx.clock.now()) ? account.id : null
  return ctx.guesses.guard(`recovery ${accountId ?? known}`, arrival.address, () =>
    redeemRecoveryCode(ctx, accountId, code, arrival),
  )
}
