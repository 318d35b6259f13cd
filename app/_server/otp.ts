import { isProblem, Problem } from '#server/kit/problem.ts'
import { addDevice } from '#server/surfaces/otp/add-device.ts'
import { addOtps, type NewOtp } from '#server/surfaces/otp/add-otp.ts'
import { changeDevicePassword, deleteDevice, renameDevice } from '#server/surfaces/otp/change-device.ts'
import { deleteOtp, renameOtp } from '#server/surfaces/otp/change-otp.ts'
import { lockLeft, triesLeft } from '#server/surfaces/otp/pin-lock.ts'
import { readOtps } from '#server/surfaces/otp/read-otps.ts'
import { countOtpsByDevice, listDevices } from '#server/surfaces/otp/store.ts'
import type { DeviceAndPin } from '#server/surfaces/otp/try-pin.ts'
import { house } from './house.ts'
import type { Member } from './member.ts'
import { readVisitor } from './session-cookie.ts'

/** What the protocol calls a device: a PIN with codes behind it. */
export type OtpPlace = {
  id: number
  name: string
  /** How many there are. */
  codes: number
  /** Milliseconds until a PIN may be tried again; 0 when it may now. */
  lockedFor: number
  /** PINs that may be tried before the last of them locks it. */
  triesLeft: number
}

/** A code as it is kept; `secret` is null for one that cannot be opened. */
export type OpenedOtp = { id: number; account: string; secret: string | null }

export function otpPlacesOf({ accountId }: Member): OtpPlace[] {
  const { ctx } = house()
  const now = ctx.clock.now()
  const codes = countOtpsByDevice(ctx.db.read, accountId)
  return listDevices(ctx.db.read, accountId).map((device) => ({
    id: device.id,
    name: device.name,
    codes: codes.get(device.id) ?? 0,
    lockedFor: lockLeft(device, now),
    triesLeft: triesLeft(device, now),
  }))
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
 * @returns the number it has now
 * @throws as `addOtpsOf`; otp.unknown when another device used that code just now
 */
export async function advanceOtpOf(member: Member, place: DeviceAndPin, oldId: number, next: NewOtp): Promise<number> {
  const { ctx } = house()
  const { address } = await readVisitor()
  const [added] = await addOtps(ctx, member, place, [next], address)
  if (!added) throw new Problem('server.failed')
  try {
    await deleteOtp(ctx, member, oldId, address)
  } catch (error) {
    if (!isProblem(error) || error.code !== 'otp.unknown') throw error
    await deleteOtp(ctx, member, added.id, address)
    throw new Problem('otp.unknown')
  }
  return added.id
}

/** @throws otp.unknown, input.invalid */
export async function renameOtpOf(member: Member, given: { otpId: number; account: string }): Promise<void> {
  await renameOtp(house().ctx, member, given)
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

/** @throws otp.device_unknown, input.invalid */
export async function renameOtpPlaceOf(member: Member, given: { deviceId: number; name: string }): Promise<void> {
  await renameDevice(house().ctx, member, given)
}

type NewPin = DeviceAndPin & { newPassword: string }

/** Codes stay as they are. @throws as `openOtpsOf`; input.invalid */
export async function changeOtpPinOf(member: Member, given: NewPin): Promise<void> {
  const { address } = await readVisitor()
  await changeDevicePassword(house().ctx, member, given, address)
}

/** With everything in it. @throws otp.device_unknown */
export async function removeOtpPlaceOf(member: Member, deviceId: number): Promise<void> {
  const { address } = await readVisitor()
  await deleteDevice(house().ctx, member, deviceId, address)
}
