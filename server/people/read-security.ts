import type { Context } from '#server/context.ts'
import { deviceName } from './device-name.ts'
import { authenticatorName } from './passkey-names.ts'
import { listPasskeys, readRecoveryCodes } from './passkey-store.ts'
import { listSessions, readAccount, type SessionRow } from './store.ts'
import type { WebActor } from './web-session.ts'

/** How somebody gets into their account; times in milliseconds. */
export type SecurityOverview = {
  passkeys: Array<{
    credentialId: string
    label: string
    /** What keeps it, where it says so. */
    keeper: string | null
    /** The name it works under. */
    rpId: string
    /** Copied to its owner's other devices by what keeps it. */
    synced: boolean
    createdAt: number
    lastUsedAt: number | null
  }>
  hasPassword: boolean
  recovery: { left: number; madeAt: number | null }
  sessions: Array<{
    id: string
    kind: SessionRow['kind']
    device: string | null
    isThis: boolean
    createdAt: number
    lastSeenAt: number
  }>
}

/** @param whose  with the session they look through; null when somebody else looks */
export function readSecurity(
  ctx: Context,
  { accountId, sessionId }: Pick<WebActor, 'accountId'> & { sessionId: string | null },
): SecurityOverview {
  const db = ctx.db.read
  return {
    passkeys: listPasskeys(db, accountId).map((row) => ({
      credentialId: row.credentialId,
      label: row.label,
      keeper: authenticatorName(row.aaguid),
      rpId: row.rpId,
      synced: row.backedUp,
      createdAt: row.createdAt,
      lastUsedAt: row.lastUsedAt,
    })),
    hasPassword: ctx.passwords.isUsable(readAccount(db, accountId)?.passwordHash ?? ''),
    recovery: readRecoveryCodes(db, accountId),
    sessions: listSessions(db, accountId, ctx.clock.now()).map((row) => ({
      id: row.id,
      kind: row.kind,
      device: deviceName(row.userAgent),
      isThis: row.id === sessionId,
      createdAt: row.createdAt,
      lastSeenAt: row.lastSeenAt,
    })),
  }
}
