import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { openDevice } from './open-device.ts'
import { isOriginal, openSecret, sealSecret } from './seal-secret.ts'
import { type OtpRow, pagesOfOtps, setOtpSecret } from './store.ts'
import type { DeviceAndPin } from './try-pin.ts'

export type ReadOtp = {
  id: number
  account: string
  /** The secret, or why this one cannot be opened; the others can be read all the same. */
  secret: string | Problem
}

/**
 * Open everything on a device. The password is stretched once, whatever number of secrets there is. Imported secrets
 * are sealed anew on the way.
 *
 * @returns ascending by number
 * @throws what `openDevice` throws
 */
export async function readOtps(
  ctx: Context,
  actor: OtpActor,
  device: DeviceAndPin,
  address: string,
): Promise<ReadOtp[]> {
  return openDevice(ctx, actor, device, address, async (masterKey) => {
    const read: ReadOtp[] = []
    for (const rows of pagesOfOtps(ctx.db.read, device.deviceId)) {
      const opened = rows.map((row) => openOne(masterKey, row))
      await sealAnew(ctx, masterKey, rows, opened)
      read.push(...opened)
      await breathe()
    }
    return read
  })
}

function openOne(masterKey: Buffer, { id, deviceId, account, secret: sealed }: OtpRow): ReadOtp {
  const secret = openSecret(masterKey, { deviceId, otpId: id }, sealed) ?? new Problem('otp.secret_damaged')
  return { id, account, secret }
}

/** Bind imported secrets to their rows, which the original did not do (otp §6.10). */
async function sealAnew(ctx: Context, masterKey: Buffer, rows: OtpRow[], opened: ReadOtp[]): Promise<void> {
  const random = (bytes: number) => ctx.ids.random(bytes)
  const imported = rows.flatMap((row, at) => {
    const secret = opened[at]?.secret
    return isOriginal(row.secret) && typeof secret === 'string' ? [{ row, secret }] : []
  })
  if (imported.length === 0) return
  await ctx.db.write((tx) => {
    for (const { row, secret } of imported)
      setOtpSecret(tx, row.id, sealSecret(masterKey, { deviceId: row.deviceId, otpId: row.id }, secret, random))
  })
}
