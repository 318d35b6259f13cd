import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { signAccessToken } from './access-token.ts'
import { recordSignIn, requireUnchanged } from './record-sign-in.ts'
import {
  type AccountRow,
  deleteSession,
  insertSession,
  readAccount,
  readSessionByToken,
  readSpentToken,
  rotateSession,
  type SessionRow,
} from './store.ts'
import { tokenHash } from './token-hash.ts'

const day = 24 * 3_600_000

/** What a client holds after signing in. */
export type CloudSession = {
  token: string
  /** 43 characters base64url of 32 bytes. */
  refreshToken: string
  /** Of the access token, unix seconds. */
  expiresAt: number
  deviceId: string | null
}

type Opener = { accountId: string; deviceId: string | null; userAgent: string | null; address: string }

/** Put a session into the transaction that earned it. @returns what `sealSession` needs */
export function startSession(ctx: Context, tx: Orm, opener: Opener): { sessionId: string; refreshToken: string } {
  const refreshToken = ctx.ids.random(32).toString('base64url')
  const sessionId = ctx.ids.uuid()
  const now = ctx.clock.now()
  insertSession(tx, {
    id: sessionId,
    accountId: opener.accountId,
    kind: 'cloud',
    tokenHash: tokenHash(refreshToken),
    deviceId: opener.deviceId,
    userAgent: opener.userAgent?.slice(0, 200) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + lifetime(ctx),
  })
  recordSignIn(ctx, tx, { ...opener, by: 'app' })
  return { sessionId, refreshToken }
}

/** Sign the access token that belongs to a started session. */
export async function sealSession(
  ctx: Context,
  { accountId, deviceId }: { accountId: string; deviceId: string | null },
  { sessionId, refreshToken }: { sessionId: string; refreshToken: string },
): Promise<CloudSession> {
  const access = await signAccessToken(ctx, { accountId, deviceId, sessionId })
  return { ...access, refreshToken, deviceId }
}

/**
 * @param verified  whose password was verified for it; none for an account that was just made
 * @throws auth.failed when that changed meanwhile
 */
export async function openCloudSession(ctx: Context, opener: Opener, verified?: AccountRow): Promise<CloudSession> {
  const started = await ctx.db.write((tx) => {
    if (verified) requireUnchanged(tx, verified)
    return startSession(ctx, tx, opener)
  })
  return sealSession(ctx, opener, started)
}

/**
 * Trade a refresh token for a new pair; the old one dies at once. Showing a dead one again means that two parties
 * hold it, so the whole session ends (RFC 9700 §4.14.2).
 *
 * @throws auth.failed for a token that is unknown, run out or spent
 */
export async function refreshCloudSession(ctx: Context, refreshToken: string, address: string): Promise<CloudSession> {
  const shown = tokenHash(refreshToken)
  const next = ctx.ids.random(32).toString('base64url')
  const session = await ctx.db.write((tx): SessionRow | null => {
    const now = ctx.clock.now()
    const found = readSessionByToken(tx, shown)
    if (!found) {
      const spent = readSpentToken(tx, shown)
      if (spent) {
        deleteSession(tx, spent.sessionId)
        recordEvent(ctx, tx, { event: 'session.replayed', accountId: spent.accountId, address })
      }
      return null
    }
    if (found.kind !== 'cloud' || found.expiresAt <= now || readAccount(tx, found.accountId)?.disabledAt) return null
    rotateSession(tx, found, {
      tokenHash: tokenHash(next),
      lastSeenAt: now,
      expiresAt: now + lifetime(ctx),
    })
    return found
  })
  if (!session) throw new Problem('auth.failed')
  return sealSession(ctx, session, { sessionId: session.id, refreshToken: next })
}

/** End the session of a refresh token, if it is this person's; anything else is silently nothing. */
export async function closeCloudSession(ctx: Context, accountId: string, refreshToken: string): Promise<void> {
  const shown = tokenHash(refreshToken)
  await ctx.db.write((tx) => {
    const session = readSessionByToken(tx, shown)
    if (session?.accountId !== accountId) return
    deleteSession(tx, session.id)
    recordEvent(ctx, tx, { event: 'session.closed', accountId })
  })
}

/** Of a refresh token; 30 days unless the keeper says otherwise (contract C §2). */
function lifetime({ settings }: Context): number {
  return settings.values.cloudSessionDays * day
}
