import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import type { Language } from '#server/kit/language.ts'
import { isProblem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { isLeaving } from './may-enter.ts'
import { recordSignIn } from './record-sign-in.ts'
import {
  deleteSession,
  extendSession,
  insertSession,
  readSessionByToken,
  readWebSessionByToken,
  updateLanguage,
} from './store.ts'
import { tokenHash } from './token-hash.ts'

const day = 24 * 3_600_000
/** How exactly "last seen" is known. */
const noticed = 5 * 60_000

/** Somebody signed in to the pages. */
export type WebActor = {
  accountId: string
  /** E-mail address, else user name. */
  name: string
  role: 'admin' | 'member'
  sessionId: string
  /** When they last proved who they are, milliseconds. */
  provenAt: number
}

/** Where somebody comes from. */
export type Visitor = { address: string; userAgent: string | null }

/** How somebody signed in, for the activity log. */
export type WayIn = 'password' | 'passkey' | 'recovery code'

type Opener = Visitor & {
  accountId: string
  by: WayIn
  /** Token of the session this browser held before; it ends. */
  replaces: string | null
  /** Of the page; from now on of letters to them as well. */
  language: Language
}

/**
 * Open a session in the transaction that earned it. The token is always a new one, so that one planted beforehand is
 * worth nothing.
 *
 * @returns the token, 43 characters base64url of 32 random bytes; only its hash is kept
 */
export function openWebSession(ctx: Context, tx: Orm, opener: Opener): string {
  const { accountId, address, userAgent, by, replaces, language } = opener
  const before = replaces === null ? undefined : readSessionByToken(tx, tokenHash(replaces))
  if (before?.kind === 'web') deleteSession(tx, before.id)
  const token = ctx.ids.random(32).toString('base64url')
  const now = ctx.clock.now()
  insertSession(tx, {
    id: ctx.ids.uuid(),
    accountId,
    kind: 'web',
    tokenHash: tokenHash(token),
    deviceId: null,
    userAgent: userAgent?.slice(0, 200) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + lifetime(ctx),
    provenAt: now,
  })
  updateLanguage(tx, accountId, language)
  recordSignIn(ctx, tx, { accountId, address, userAgent, by })
  return token
}

/**
 * Who holds this token. A session in use does not run out; that is written down every five minutes.
 *
 * @returns null for a token that is not ours, has run out or was ended, and for a disabled account
 */
export async function readWebSession(ctx: Context, token: string): Promise<WebActor | null> {
  const session = readWebSessionByToken(ctx.db.read, tokenHash(token))
  const now = ctx.clock.now()
  if (!session || session.expiresAt <= now || session.disabledAt !== null) return null
  if (now - session.lastSeenAt >= noticed) await notice(ctx, session.id, now)
  return {
    accountId: session.accountId,
    name: nameOf(session),
    role: session.role,
    sessionId: session.id,
    provenAt: session.provenAt ?? 0,
  }
}

/** Somebody who signed in while their account is about to be deleted. */
export type Leaver = Pick<WebActor, 'accountId' | 'sessionId' | 'name'> & {
  /** Milliseconds. */
  deleteAt: number
}

/** As `readWebSession`, for those alone who are leaving. */
export function readLeavingSession(ctx: Context, token: string): Leaver | null {
  const session = readWebSessionByToken(ctx.db.read, tokenHash(token))
  const now = ctx.clock.now()
  if (!session || session.expiresAt <= now || session.deleteAt === null || !isLeaving(session, now)) return null
  return { accountId: session.accountId, sessionId: session.id, name: nameOf(session), deleteAt: session.deleteAt }
}

/** A full disk only puts it off: people must be able to look at what is wrong. */
async function notice(ctx: Context, sessionId: string, now: number): Promise<void> {
  try {
    await ctx.db.write((tx) => extendSession(tx, sessionId, { lastSeenAt: now, expiresAt: now + lifetime(ctx) }))
  } catch (error) {
    if (!isProblem(error)) throw error
    ctx.log.warn({ error }, 'a session could not be extended')
  }
}

export async function closeWebSession(ctx: Context, actor: Pick<WebActor, 'accountId' | 'sessionId'>): Promise<void> {
  await ctx.db.write((tx) => {
    deleteSession(tx, actor.sessionId)
    recordEvent(ctx, tx, { event: 'session.closed', accountId: actor.accountId })
  })
}

/** A session ends this long after its last request. */
function lifetime({ settings }: Context): number {
  return settings.values.webSessionDays * day
}

function nameOf({ email, username }: { email: string | null; username: string | null }): string {
  return email ?? username ?? ''
}
