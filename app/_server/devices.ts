import { type DevicesOverview, readDevices } from '#server/home/read-devices.ts'
import { endDeviceSessions, endOtherSessions, endSession } from '#server/people/end-sessions.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'

export type { DevicesOverview }

export function devicesOf(member: Member): DevicesOverview & { now: number } {
  const { ctx } = house()
  return { ...readDevices(ctx, member), now: ctx.clock.now() }
}

export function endSessionOf(member: Member, sessionId: string): Promise<void> {
  return endSession(house().ctx, member, sessionId)
}

export function endOtherSessionsOf(member: Member): Promise<number> {
  return endOtherSessions(house().ctx, member)
}

/** Sign a cloud device out; it stays, with its backup. */
export function signOutDeviceOf(member: Member, deviceId: string): Promise<void> {
  return endDeviceSessions(house().ctx, member, deviceId)
}
