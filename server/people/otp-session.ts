import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { recordSignIn } from './record-sign-in.ts'
import { deleteSession, extendSession, insertSession, readAccount, readSessionByToken } from './store.ts'
import { tokenHash } from './token-hash.ts'

const day = 24 * 3_600_000

/** Somebody signed in to the OTP API. */
export type OtpActor = { accountId: string; sessionId: string }

type Opener = { accountId: string; userAgent: string | null; address: string }

/**
 * Open a session in the transaction that earned it; only the token's hash is kept.
 *
 * @returns the token: random, in three base64 parts as the original's were (otp §4)
 */
export function openOtpSession(ctx: Context, tx: Orm, { accountId, userAgent, address }: Opener): string {
  const token = [18, 12, 16].map((bytes) => ctx.ids.random(bytes).toString('base64')).join('--')
  const now = ctx.clock.now()
  insertSession(tx, {
    id: ctx.ids.uuid(),
    accountId,
    kind: 'otp',
    tokenHash: tokenHash(token),
    deviceId: null,
    userAgent: userAgent?.slice(0, 200) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + lifetime(ctx),
  })
  recordSignIn(ctx, tx, { accountId, address, userAgent, by: 'app' })
  return token
}

/**
 * The person behind a token: the last word of `Authorization`, whatever stands before it (otp §3). A session in use
 * does not run out; that is written down once a day.
 *
 * @returns null without a token, and for one that is not ours, has run out or was ended
 */
export async function readOtpSession(ctx: Context, authorization: string | null): Promise<OtpActor | null> {
  const token = authorization?.trim().split(/\s+/).at(-1)
  if (!token) return null
  const session = readSessionByToken(ctx.db.read, tokenHash(token))
  const now = ctx.clock.now()
  if (session?.kind !== 'otp' || session.expiresAt <= now) return null
  if (readAccount(ctx.db.read, session.accountId)?.disabledAt !== null) return null
  if (now - session.lastSeenAt >= day)
    await ctx.db.write((tx) => extendSession(tx, session.id, { lastSeenAt: now, expiresAt: now + lifetime(ctx) }))
  return { accountId: session.accountId, sessionId: session.id }
}

export async function closeOtpSession(ctx: Context, { accountId, sessionId }: OtpActor): Promise<void> {
  await ctx.db.write((tx) => {
    deleteSession(tx, sessionId)
    recordEvent(ctx, tx, { event: 'session.closed', accountId })
  })
}

function lifetime({ settings }: Context): number {
  return settings.values.otpSessionDays * day
}
