import type { Context } from '#server/context.ts'
import { recordEvent } from '#server/notices/audit.ts'
import { deleteOtherSessions, deleteOwnSession, deleteSessionsOfDevice } from './store.ts'
import type { WebActor } from './web-session.ts'

/** End one of this person's sessions, of any kind; one that is gone already, or somebody else's, is silently nothing. */
export async function endSession(ctx: Context, { accountId }: WebActor, sessionId: string): Promise<void> {
  await ctx.db.write((tx) => {
    if (!deleteOwnSession(tx, accountId, sessionId)) return
    recordEvent(ctx, tx, { event: 'session.revoked', accountId })
  })
}

/** Sign a device of this person's out; it stays registered, with its backup. */
export async function endDeviceSessions(ctx: Context, { accountId }: WebActor, deviceId: string): Promise<void> {
  await ctx.db.write((tx) => {
    if (deleteSessionsOfDevice(tx, accountId, deviceId) === 0) return
    recordEvent(ctx, tx, { event: 'session.revoked', accountId, details: { device: deviceId } })
  })
}

/** End every session of this person but the one in use, those of apps included. @returns how many ended */
export function endOtherSessions(ctx: Context, { accountId, sessionId }: WebActor): Promise<number> {
  return ctx.db.write((tx) => {
    const ended = deleteOtherSessions(tx, accountId, sessionId)
    recordEvent(ctx, tx, { event: 'session.revoked_others', accountId, details: { ended } })
    return ended
  })
}
