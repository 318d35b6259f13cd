import type { Context } from '#server/context.ts'
import { isProblem, Problem } from '#server/kit/problem.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { type DeviceRow, readDevice, setDeviceKey } from './store.ts'
import { readStretching, writeStretching } from './stretching.ts'
import { type DeviceAndPin, tryPin } from './try-pin.ts'
import { stretchingNow, wrapMasterKey } from './wrap-master-key.ts'

/**
 * Open a device with its password and do something with what is in it, one at a time a device.
 *
 * @param use  gets the master key, 32 bytes, which is wiped when it is done
 * @param address  of the caller, for the person's log
 * @throws otp.device_unknown (also for somebody else's), otp.pin_wrong, otp.device_locked,
 *   otp.secret_damaged, auth.signed_out, server.busy; what `use` throws
 */
export async function openDevice<T>(
  ctx: Context,
  actor: OtpActor,
  { deviceId, password }: DeviceAndPin,
  address: string,
  use: (masterKey: Buffer) => Promise<T>,
): Promise<T> {
  requireDevice(ctx, actor, deviceId)
  return ctx.pinTurns.run(String(deviceId), async () => {
    const masterKey = await tryPin(ctx, actor, { deviceId, password }, address)
    try {
      // The password took its time, and others were before it.
      requireStillIn(ctx.db.read, actor)
      await renewWrapping(ctx, actor, { deviceId, password }, masterKey)
      return await use(masterKey)
    } finally {
      masterKey.fill(0)
    }
  })
}

/** @throws otp.device_unknown */
export function requireDevice(ctx: Context, { accountId }: OtpActor, deviceId: number): DeviceRow {
  const device = readDevice(ctx.db.read, accountId, deviceId)
  if (!device) throw new Problem('otp.device_unknown')
  return device
}

/**
 * A key of a password for a device, and how it was made.
 *
 * @throws server.busy
 */
export async function stretchPin(ctx: Context, password: string): Promise<{ stretching: string; pinKey: Buffer }> {
  const salt = ctx.ids.random(32)
  const pinKey = await ctx.passwords.stretch(password, { ...stretchingNow, salt })
  return { stretching: writeStretching(stretchingNow, salt), pinKey }
}

/** Wrap an imported device's master key as we do it now; a full queue only puts it off until the next time. */
async function renewWrapping(ctx: Context, actor: OtpActor, device: DeviceAndPin, masterKey: Buffer): Promise<void> {
  const { logN, r, p } = readStretching(requireDevice(ctx, actor, device.deviceId).stretching)
  if (logN === stretchingNow.logN && r === stretchingNow.r && p === stretchingNow.p) return
  try {
    await rewrap(ctx, actor, device, masterKey)
  } catch (error) {
    if (!isProblem(error) || error.code !== 'server.busy') throw error
  }
}

/** Wrap a master key under a password, in the place of what wrapped it before. @throws auth.signed_out, server.busy */
export async function rewrap(
  ctx: Context,
  actor: OtpActor,
  { deviceId, password }: DeviceAndPin,
  masterKey: Buffer,
): Promise<void> {
  const { stretching, pinKey } = await stretchPin(ctx, password)
  const keys = { serverKey: ctx.secrets.serverKey, pinKey }
  const wrappedKey = wrapMasterKey(keys, deviceId, masterKey, (bytes) => ctx.ids.random(bytes))
  pinKey.fill(0)
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    setDeviceKey(tx, deviceId, { stretching, wrappedKey })
  })
}
