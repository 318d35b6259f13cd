import { hostname } from 'node:os'
import type { Device, DeviceWithLabels, OtpClient } from '#client/surfaces/otp/otp-client.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import type { PasswordReader, Purpose } from '#server/cli/terminal/read-passwords.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'
import type { CommonOptions } from './common-options.ts'

/** A device and the PIN that opens it. */
export type Opened = { device: Device; pin: string; made: boolean }

/**
 * The device that `--device` means, by name or, where no device has that name, by number; without it the only one.
 *
 * @returns null when there is none
 * @throws usage failure when there are several
 */
export function findDevice(devices: DeviceWithLabels[], asked: string | undefined): DeviceWithLabels | null {
  const named = asked === undefined ? devices : devices.filter(({ name }) => name === asked)
  const found = named.length > 0 ? named : devices.filter(({ id }) => String(id) === asked)
  if (found.length > 1) {
    const which = found.map(({ id, name }) => `${id} (${forTerminal(name)})`).join(', ')
    throw usageFailure(`There are several devices; say which with --device and its name or number: ${which}`)
  }
  return found[0] ?? null
}

/** @throws failure "nothing stored" when there is none */
export function requireDevice(devices: DeviceWithLabels[], { device: asked, email }: CommonOptions): DeviceWithLabels {
  const found = findDevice(devices, asked)
  if (found) return found
  const message = asked === undefined ? `Nothing is stored for ${email}` : `There is no device ${forTerminal(asked)}`
  throw new CommandFailure(exitCodes.nothingStored, 'nothing-stored', message)
}

/** The PIN of a device there is. @throws usage failure, Interrupted */
export function readPin(
  passwords: PasswordReader,
  { name }: { name: string },
  options: CommonOptions,
): Promise<string> {
  return askPin(passwords, name, options, 'load')
}

/**
 * The device to store on. One that does not exist yet is made, with a PIN that is asked for twice; without `--device`
 * it gets the name of this computer.
 */
export async function openOrMakeDevice(
  client: OtpClient,
  terminal: Terminal,
  passwords: PasswordReader,
  options: CommonOptions,
): Promise<Opened> {
  const found = findDevice(await client.devices(), options.device)
  if (found) {
    const { id, name } = found
    return { device: { id, name }, pin: await readPin(passwords, found, options), made: false }
  }
  const name = options.device ?? hostname()
  const pin = await askPin(passwords, name, options, 'save')
  const device = await client.addDevice(name, pin)
  terminal.stderr.write(`Made the device ${forTerminal(name)}. Its secrets open with this PIN alone: do not lose it.\n`)
  return { device, pin, made: true }
}

function askPin(
  passwords: PasswordReader,
  name: string,
  { pinFile }: CommonOptions,
  purpose: Purpose,
): Promise<string> {
  const source = { file: pinFile, option: '--pin-file', variable: 'HEARTHKEEP_OTP_PIN' }
  return passwords.other({ what: `PIN of ${forTerminal(name)}`, ...source }, purpose)
}
