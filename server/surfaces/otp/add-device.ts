import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { checkText } from './check-text.ts'
import { stretchPin } from './open-device.ts'
import { countDevices, insertDevice, nextId } from './store.ts'
import { wrapMasterKey } from './wrap-master-key.ts'

const mostDevices = 100

/**
 * Make a device with a password (a PIN, most often) and a random master key of its own (otp §5). Names may be used
 * twice, and be empty.
 *
 * @returns the device's number
 * @throws input.invalid on an empty password, otp.limit_reached beyond 100 devices, auth.signed_out, server.busy
 */
export async function addDevice(
  ctx: Context,
  actor: OtpActor,
  given: { name: string; password: string },
  address: string,
): Promise<{ id: number; name: string }> {
  const { accountId } = actor
  const name = checkText(given.name, 'name')
  if (checkText(given.password, 'password') === '') throw new Problem('input.invalid')
  requireRoom(countDevices(ctx.db.read, accountId))
  const { stretching, pinKey } = await stretchPin(ctx, given.password)
  const random = (bytes: number) => ctx.ids.random(bytes)
  const masterKey = random(32)
  const id = await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    requireRoom(countDevices(tx, accountId))
    const deviceId = nextId(tx, 'otp_devices')
    const wrappedKey = wrapMasterKey({ serverKey: ctx.secrets.serverKey, pinKey }, deviceId, masterKey, random)
    insertDevice(tx, { id: deviceId, accountId, name, stretching, wrappedKey, createdAt: ctx.clock.now() })
    recordEvent(ctx, tx, { event: 'otp.device_added', accountId, address, details: { device: deviceId } })
    return deviceId
  })
  for (const key of [masterKey, pinKey]) key.fill(0)
  return { id, name }
}

function requireRoom(devices: number): void {
  if (devices >= mostDevices) throw new Problem('otp.limit_reached', { message: 'Too many devices.' })
}
