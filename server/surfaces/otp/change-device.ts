import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { checkText } from './check-text.ts'
import { openDevice, requireDevice, rewrap } from './open-device.ts'
import { type DeviceRow, deleteDeviceRow, renameDeviceRow } from './store.ts'

/** @throws otp.device_unknown, input.invalid, auth.signed_out */
export async function renameDevice(
  ctx: Context,
  actor: OtpActor,
  given: { deviceId: number; name: string },
): Promise<DeviceRow> {
  const device = requireDevice(ctx, actor, given.deviceId)
  const name = checkText(given.name, 'name')
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    renameDeviceRow(tx, device.id, name)
  })
  return { ...device, name }
}

/**
 * Wrap the master key under another password. Nothing else changes, so it costs the same for one OTP and for thousands.
 *
 * @throws input.invalid on an empty new password; what `openDevice` throws
 */
export async function changeDevicePassword(
  ctx: Context,
  actor: OtpActor,
  given: { deviceId: number; password: string; newPassword: string },
  address: string,
): Promise<DeviceRow> {
  const { id } = requireDevice(ctx, actor, given.deviceId)
  if (checkText(given.newPassword, 'password') === '') throw new Problem('input.invalid')
  await openDevice(ctx, actor, given, address, async (masterKey) => {
    await rewrap(ctx, actor, { deviceId: id, password: given.newPassword }, masterKey)
    const who = { accountId: actor.accountId, address, details: { device: id } }
    await ctx.db.write((tx) => recordEvent(ctx, tx, { event: 'otp.device_password_changed', ...who }))
  })
  return requireDevice(ctx, actor, id)
}

/**
 * Delete a device with everything on it. It takes no password: whoever forgot it must be able to start again. It waits
 * for its turn, so that nothing is being written to the device meanwhile.
 *
 * @throws otp.device_unknown, auth.signed_out
 */
export async function deleteDevice(
  ctx: Context,
  actor: OtpActor,
  deviceId: number,
  address: string,
): Promise<DeviceRow> {
  const { accountId } = actor
  requireDevice(ctx, actor, deviceId)
  return ctx.pinTurns.run(String(deviceId), async () => {
    const device = requireDevice(ctx, actor, deviceId)
    await ctx.db.write((tx) => {
      requireStillIn(tx, actor)
      deleteDeviceRow(tx, deviceId)
      recordEvent(ctx, tx, { event: 'otp.device_removed', accountId, address, details: { device: deviceId } })
    })
    return device
  })
}
