import type { Context } from '#server/context.ts'
import { deviceName } from '#server/people/device-name.ts'
import { listSessions, type SessionRow } from '#server/people/store.ts'
import type { WebActor } from '#server/people/web-session.ts'
import { listDevices, listSlots } from '#server/surfaces/cloud-backup/store.ts'
import { fingerprint } from '#server/surfaces/oplog/public-key.ts'
import { listUsersOf } from '#server/surfaces/oplog/store.ts'

/** A browser or app that is signed in; times in milliseconds. */
export type SignedIn = {
  id: string
  /** Null when it said nothing about itself. */
  device: string | null
  isThis: boolean
  createdAt: number
  lastSeenAt: number
}

/** A device that registered for cloud backup, signed in or not. */
export type CloudDeviceSeen = {
  id: string
  name: string | null
  createdAt: number
  /** Null when it is signed out. */
  lastSeenAt: number | null
  /** Null when it never saved anything. */
  savedAt: number | null
}

export type SyncKeySeen = { id: number; name: string | null; fingerprint: string; lastOperationAt: number | null }

export type DevicesOverview = {
  browsers: SignedIn[]
  cloud: CloudDeviceSeen[]
  /** Apps that back up without a device of their own. */
  cloudApps: SignedIn[]
  codeApps: SignedIn[]
  keys: SyncKeySeen[]
}

/** Everything that acts as this person, the last seen first. */
export function readDevices(ctx: Context, { accountId, sessionId }: WebActor): DevicesOverview {
  const { read } = ctx.db
  const sessions = listSessions(read, accountId, ctx.clock.now())
  const slots = listSlots(read, accountId)
  const signedIn = (counts: (session: SessionRow) => boolean): SignedIn[] =>
    sessions.filter(counts).map(({ id, userAgent, createdAt, lastSeenAt }) => ({
      id,
      device: deviceName(userAgent),
      isThis: id === sessionId,
      createdAt,
      lastSeenAt,
    }))
  return {
    browsers: signedIn(({ kind }) => kind === 'web'),
    cloud: listDevices(read, accountId).map(({ id, name, createdAt }) => ({
      id,
      name,
      createdAt,
      lastSeenAt: sessions.find(({ deviceId }) => deviceId === id)?.lastSeenAt ?? null,
      savedAt: slots.find(({ deviceId }) => deviceId === id)?.updatedAt ?? null,
    })),
    cloudApps: signedIn(({ kind, deviceId }) => kind === 'cloud' && deviceId === null),
    codeApps: signedIn(({ kind }) => kind === 'otp'),
    keys: listUsersOf(read, accountId).map(({ id, name, userHash, lastOperationAt }) => ({
      id,
      name,
      fingerprint: fingerprint(userHash),
      lastOperationAt,
    })),
  }
}
