import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { readSession } from './store.ts'

/** Somebody signed in to the cloud-backup API. */
export type CloudActor = { accountId: string; deviceId: string | null; sessionId: string }

/**
 * The person behind `Authorization: Bearer <jwt>` (the scheme's case counts, contract C §1). The session is looked up
 * each time, so that signing out, a password reset or removing the device takes effect at once.
 *
 * @throws auth.failed
 */
export async function authenticateBearer(ctx: Context, request: Request): Promise<CloudActor> {
  const header = request.headers.get('authorization')
  if (!header?.startsWith('Bearer ')) throw new Problem('auth.failed')
  const claims = await ctx.tokens.verify(ctx, header.slice('Bearer '.length))
  const session = readSession(ctx.db.read, claims.sessionId)
  const stands =
    session !== undefined &&
    session.kind === 'cloud' &&
    session.accountId === claims.accountId &&
    session.deviceId === claims.deviceId &&
    session.disabledAt === null
  if (!stands) throw new Problem('auth.failed')
  return claims
}

/** @throws auth.device_required for a user-scoped token */
export async function authenticateDevice(ctx: Context, request: Request): Promise<CloudActor & { deviceId: string }> {
  const actor = await authenticateBearer(ctx, request)
  if (actor.deviceId === null) throw new Problem('auth.device_required')
  return { ...actor, deviceId: actor.deviceId }
}
