import type { Orm } from '#db/client.ts'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { checkText } from './check-text.ts'
import { openDevice } from './open-device.ts'
import { sealSecret } from './seal-secret.ts'
import { insertOtp, measureOtps, nextId } from './store.ts'
import type { DeviceAndPin } from './try-pin.ts'

const mostOtps = 20_000
/** Of labels and secrets, so that one answer can always hold them all. */
const mostBytes = 8 * 1024 * 1024

/** A label in the clear, and whatever the client means by a secret; both may be empty (otp §3). */
export type NewOtp = { account: string; secret: string }

export type AddedOtp = { id: number; account: string }

/**
 * Seal secrets under a device's master key and keep them: all of them, or none.
 *
 * @returns number and label of each, in the order given
 * @throws input.invalid, otp.limit_reached beyond 20 000 or 8 MiB of one person; what `openDevice` throws
 */
export async function addOtps(
  ctx: Context,
  actor: OtpActor,
  device: DeviceAndPin,
  given: NewOtp[],
  address: string,
): Promise<AddedOtp[]> {
  const { deviceId } = device
  return openDevice(ctx, actor, device, address, async (masterKey) => {
    for (const { account, secret } of given) {
      checkText(account, 'account')
      checkText(secret, 'secret')
    }
    return ctx.db.write((tx) => {
      requireStillIn(tx, actor)
      requireRoom(tx, actor, given)
      const first = nextId(tx, 'otps')
      return given.map(({ account, secret: clear }, at) => {
        const id = first + at
        const secret = sealSecret(masterKey, { deviceId, otpId: id }, clear, (bytes) => ctx.ids.random(bytes))
        insertOtp(tx, { id, deviceId, account, secret, createdAt: ctx.clock.now() })
        return { id, account }
      })
    })
  })
}

function requireRoom(tx: Orm, { accountId }: OtpActor, more: NewOtp[]): void {
  const { count, bytes } = measureOtps(tx, accountId)
  const moreBytes = more.reduce((sum, otp) => sum + Buffer.byteLength(otp.account) + Buffer.byteLength(otp.secret), 0)
  if (count + more.length > mostOtps || bytes + moreBytes > mostBytes)
    throw new Problem('otp.limit_reached', { message: 'Too many OTPs.' })
}
