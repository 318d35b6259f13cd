import type { OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { storeOtps } from '#client/surfaces/otp/store-otps.ts'
import type { StoredOtp } from '#client/surfaces/otp/stored-otp.ts'
import { progressLine } from '#server/cli/terminal/progress.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import type { Opened } from './choose-device.ts'

/**
 * Store what the device does not have yet, label and secret taken together: an import that broke off can be run again.
 *
 * @returns how many were stored, and how many were there already
 */
export async function storeNew(
  client: OtpClient,
  terminal: Terminal,
  { device, pin, made }: Opened,
  otps: StoredOtp[],
) {
  const keyOf = ({ account, secret }: StoredOtp) => JSON.stringify([account, secret])
  const present = made ? [] : (await client.otps(device.id, pin)).otps
  const known = new Set(present.map(keyOf))
  const fresh = new Map(otps.filter((otp) => !known.has(keyOf(otp))).map((otp) => [keyOf(otp), otp]))
  const line = progressLine(terminal)
  try {
    await storeOtps(client, { deviceId: device.id, pin }, [...fresh.values()], (stored) => {
      line.step(`Stored ${stored} of ${fresh.size}`)
    })
  } finally {
    line.clear()
  }
  return { stored: fresh.size, present: otps.length - fresh.size }
}
