import { publicUrl } from '#server/config/public-url.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { countEvents, recordEvent } from '#server/notices/audit.ts'
import { otpDeviceLocked } from '#server/notices/templates/otp-device-locked.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { readAccount } from '#server/people/store.ts'
import { countTry, lockLeft, type PinLock } from './pin-lock.ts'
import { type DeviceRow, readDevice, setPinLock } from './store.ts'
import { readStretching } from './stretching.ts'
import { unwrapMasterKey } from './wrap-master-key.ts'

const minute = 60_000
const noticeMilliseconds = 24 * 60 * minute
/** However many devices somebody locks, their owner's letter box is not filled. */
const mostNoticesAnHour = 5

export type DeviceAndPin = { deviceId: number; password: string }

/**
 * Try a password on a device, in that device's turn.
 *
 * @param address  of the caller, for the person's log
 * @returns the master key, 32 bytes; the caller wipes it
 * @throws otp.device_unknown, otp.device_locked, otp.pin_wrong, otp.secret_damaged, auth.signed_out, server.busy
 */
export async function tryPin(
  ctx: Context,
  actor: OtpActor,
  { deviceId, password }: DeviceAndPin,
  address: string,
): Promise<Buffer> {
  const { device, tried } = await claimTry(ctx, actor, deviceId)
  let isWrong = false
  try {
    const pinKey = await ctx.passwords.stretch(password, readStretching(device.stretching))
    const masterKey = unwrapMasterKey({ serverKey: ctx.secrets.serverKey, pinKey }, deviceId, device.wrappedKey)
    pinKey.fill(0)
    isWrong = masterKey === null
    if (masterKey) return masterKey
    await tell(ctx, device, tried, address)
    throw new Problem('otp.pin_wrong')
  } finally {
    // A right one, a server too busy to try and a device that no PIN opens count for nothing.
    if (!isWrong) await ctx.db.write((tx) => setPinLock(tx, deviceId, device))
  }
}

/** Count the try before it is made. @returns the device as it was before, and the lock's state while it is tried */
async function claimTry(
  ctx: Context,
  actor: OtpActor,
  deviceId: number,
): Promise<{ device: DeviceRow; tried: PinLock }> {
  const claimed = await ctx.db.write((tx) => {
    const now = ctx.clock.now()
    requireStillIn(tx, actor)
    const device = readDevice(tx, actor.accountId, deviceId)
    if (!device) throw new Problem('otp.device_unknown')
    const left = lockLeft(device, now)
    if (left > 0) {
      // The clock was moved back: the lock begins anew rather than lasting until the clock is there again.
      if (device.lockedAt !== null && device.lockedAt > now) setPinLock(tx, deviceId, { ...device, lockedAt: now })
      return { left }
    }
    const tried = countTry(device, now)
    setPinLock(tx, deviceId, tried)
    return { left, device, tried }
  })
  if (claimed.device) return claimed
  const minutes = Math.ceil(claimed.left / minute)
  const wait = minutes === 1 ? '1 minute' : `${minutes} minutes`
  throw new Problem('otp.device_locked', { message: `Too many wrong passwords. Try again in ${wait}.` })
}

/** Write a wrong password down, and tell the owner when it locked the device. */
async function tell(ctx: Context, device: DeviceRow, tried: PinLock, address: string): Promise<void> {
  const { accountId } = device
  const left = lockLeft(tried, ctx.clock.now())
  const details = { device: device.id }
  await ctx.db.write((tx) => {
    recordEvent(ctx, tx, { event: 'otp.pin_refused', accountId, address, details })
    if (left === 0) return
    const minutes = Math.ceil(left / minute)
    recordEvent(ctx, tx, { event: 'otp.device_locked', accountId, address, details: { ...details, minutes } })
    const since = ctx.clock.now() - 60 * minute
    const owner = readAccount(tx, accountId)
    if (!owner?.email || countEvents(tx, { event: 'otp.device_locked', accountId, since }) > mostNoticesAnHour) return
    const { email: recipient, language } = owner
    const mail = otpDeviceLocked({ recipient, language, device: device.name, minutes, server: publicUrl(ctx) })
    ctx.outbox.queue(tx, { recipient, ...mail }, noticeMilliseconds)
  })
  ctx.metrics.event('otp.pin_refused')
  if (left === 0) return
  ctx.metrics.event('otp.device_locked')
  ctx.outbox.kick()
}
