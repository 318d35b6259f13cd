import type { Context } from '#server/context.ts'
import { Problem } from '#server/kit/problem.ts'
import { recordEvent } from '#server/notices/audit.ts'
import type { OtpActor } from '#server/people/otp-session.ts'
import { requireStillIn } from '#server/people/still-in.ts'
import { checkText } from './check-text.ts'
import { type DeviceRow, deleteOtpRow, type OtpRow, readOtp, renameOtpRow } from './store.ts'

type Found = { otp: OtpRow; device: DeviceRow }

/** @throws otp.unknown, input.invalid, auth.signed_out */
export async function renameOtp(
  ctx: Context,
  actor: OtpActor,
  given: { otpId: number; account: string },
): Promise<Found> {
  const { otp, device } = requireOtp(ctx, actor, given.otpId)
  const account = checkText(given.account, 'account')
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    renameOtpRow(tx, otp.id, account)
  })
  return { device, otp: { ...otp, account } }
}

/** Needs no password, as deleting the whole device does not. @throws otp.unknown, auth.signed_out */
export async function deleteOtp(ctx: Context, actor: OtpActor, otpId: number, address: string): Promise<Found> {
  const found = requireOtp(ctx, actor, otpId)
  const details = { device: found.device.id, otp: otpId }
  await ctx.db.write((tx) => {
    requireStillIn(tx, actor)
    deleteOtpRow(tx, otpId)
    recordEvent(ctx, tx, { event: 'otp.removed', accountId: actor.accountId, address, details })
  })
  return found
}

/** Somebody else's is unknown too. */
function requireOtp(ctx: Context, { accountId }: OtpActor, otpId: number): Found {
  const found = readOtp(ctx.db.read, accountId, otpId)
  if (!found) throw new Problem('otp.unknown')
  return found
}
