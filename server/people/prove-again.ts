import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { RelyingParty } from '#server/webauthn/relying-party.ts'
import { checkPassword } from './check-password.ts'
import { listPasskeys } from './passkey-store.ts'
import { askForPasskey, type PasskeyAnswer, type PasskeyRequest, provePasskey } from './prove-passkey.ts'
import { proveSession, readAccount } from './store.ts'
import type { WebActor } from './web-session.ts'

/**
 * Prove by password who is at the page (see `requireProof`). Wrong ones count as at sign-in, and at most a hundred a day
 * are taken from all who are signed in: whoever stole an open laptop has all the time in the world.
 *
 * @throws auth.failed, rate.limited, server.busy
 */
export async function proveByPassword(ctx: Context, actor: WebActor, password: string, address: string): Promise<void> {
  const account = readAccount(ctx.db.read, actor.accountId)
  const check = () => checkPassword(ctx, account, password, address)
  const { accountId } = actor
  const inAll = () => ctx.guesses.guard(`proof ${accountId}`, address, check, { rule: 'anywhere' })
  await (ctx.config.rateLimit ? ctx.guesses.guard(accountId, address, inAll) : check())
  await ctx.db.write((tx) => prove(ctx, tx, actor, address))
}

const proofContext = ({ sessionId }: WebActor, rp: RelyingParty) => ({
  kind: 'ACCOUNT_PROOF',
  sessionId,
  rpId: rp.id,
})

/** @throws passkey.unknown when this person has none here, rate.limited */
export async function startProofByPasskey(
  ctx: Context,
  actor: WebActor,
  rp: RelyingParty,
  address: string,
): Promise<PasskeyRequest> {
  const allow = listPasskeys(ctx.db.read, actor.accountId).filter((passkey) => passkey.rpId === rp.id)
  if (allow.length === 0) throw new Problem('passkey.unknown')
  return askForPasskey(ctx, { rp, context: proofContext(actor, rp), allow }, address)
}

/** @throws challenge.*, webauthn.*, passkey.unknown, auth.failed for somebody else's passkey, rate.limited */
export async function proveByPasskey(
  ctx: Context,
  actor: WebActor,
  answer: PasskeyAnswer,
  rp: RelyingParty,
  address: string,
): Promise<void> {
  await provePasskey(ctx, answer, { rp, context: proofContext(actor, rp) }, address, (tx, passkey) => {
    if (passkey.accountId !== actor.accountId) throw new Problem('auth.failed')
    prove(ctx, tx, actor, address)
  })
}

function prove(ctx: Context, tx: Orm, { accountId, sessionId }: WebActor, address: string): void {
  proveSession(tx, sessionId, ctx.clock.now())
  recordEvent(ctx, tx, { event: 'session.proven', accountId, address })
}
