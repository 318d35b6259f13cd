import { isProblem, Problem } from '#server/kit/problem.ts'
import { addDevice } from '#server/surfaces/otp/add-device.ts'
import { addOtps, type NewOtp } from '#server/surfaces/otp/add-otp.ts'
import { deleteDevice } from '#server/surfaces/otp/change-device.ts'
import { deleteOtp } from '#server/surfaces/otp/change-otp.ts'
import { readOtps } from '#server/surfaces/otp/read-otps.ts'
import { countOtpsByDevice, listDevices } from '#server/surfaces/otp/store.ts'
import type { DeviceAndPin } from '#server/surfaces/otp/try-pin.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'
import { readVisitor } from './session-cookie.ts'

/** What the protocol calls a device: a PIN with codes behind it. */
export type OtpPlace = { id: number; name: string; codes: number }

/** A code as it is kept; `secret` is null for one that cannot be opened. */
export type OpenedOtp = { id: number; account: string; secret: string | null }

export function otpPlacesOf({ accountId }: Member): OtpPlace[] {
  const { ctx } = house()
  const codes = countOtpsByDevice(ctx.db.read, accountId)
  return listDevices(ctx.db.read, accountId).map(({ id, name }) => ({ id, name, codes: codes.get(id) ?? 0 }))
}

/** @throws otp.device_unknown, otp.pin_wrong, otp.device_locked, server.busy */
export async function openOtpsOf(member: Member, place: DeviceAndPin): Promise<OpenedOtp[]> {
  const { address } = await readVisitor()
  const read = await readOtps(house().ctx, member, place, address)
  return read.map(({ id, account, secret }) => ({ id, account, secret: typeof secret === 'string' ? secret : null }))
}

/** All of them, or none. @throws as `openOtpsOf`; input.invalid, otp.limit_reached */
export async function addOtpsOf(member: Member, place: DeviceAndPin, given: NewOtp[]): Promise<void> {
  const { address } = await readVisitor()
  await addOtps(house().ctx, member, place, given, address)
}

/**
 * Keep the next counter of a code in the place of the one that is about to be shown. The new one is there before the
 * old one goes, so that nothing is lost whatever breaks off.
 *
 * @throws as `addOtpsOf`; otp.unknown when another device used that code just now
 */
export async function advanceOtpOf(member: Member, place: DeviceAndPin, oldId: number, next: NewOtp): Promise<void> {
  const { ctx } = house()
  const { address } = await readVisitor()
  const [added] = await addOtps(ctx, member, place, [next], address)
  try {
    await deleteOtp(ctx, member, oldId, address)
  } catch (error) {
    if (added && isProblem(error) && error.code === 'otp.unknown') {
      await deleteOtp(ctx, member, added.id, address)
      throw new Problem('otp.unknown')
    }
    throw error
  }
}

/** @throws otp.unknown */
export async function removeOtpOf(member: Member, otpId: number): Promise<void> {
  const { address } = await readVisitor()
  await deleteOtp(house().ctx, member, otpId, address)
}

/** @throws input.invalid, otp.limit_reached, server.busy */
export async function addOtpPlaceOf(member: Member, given: { name: string; password: string }): Promise<void> {
  const { address } = await readVisitor()
  await addDevice(house().ctx, member, given, address)
}

/** With everything in it. @throws otp.device_unknown */
export async function removeOtpPlaceOf(member: Member, deviceId: number): Promise<void> {
  const { address } = await readVisitor()
  await deleteDevice(house().ctx, member, deviceId, address)
}
