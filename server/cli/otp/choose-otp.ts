import type { Label } from '#client/surfaces/otp/otp-client.ts'
import { exitCodes } from '#server/cli/terminal/exit-codes.ts'
import { CommandFailure, usageFailure } from '#server/cli/terminal/failure.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'

/**
 * The one that is meant: by its whole label, else by its number, else, unless `exactly`, by a part of the label in any
 * case.
 *
 * @throws failure "nothing stored" for none; usage failure for several
 */
export function chooseOtp<T extends Label>(labels: T[], wanted: string, { exactly }: { exactly: boolean }): T {
  const part = wanted.toLowerCase()
  const ways: ((label: T) => boolean)[] = [({ account }) => account === wanted, ({ id }) => String(id) === wanted]
  if (!exactly) ways.push(({ account }) => account.toLowerCase().includes(part))
  const found = ways.map((isMeant) => labels.filter(isMeant)).find(({ length }) => length > 0) ?? []
  const [only] = found
  if (only === undefined) {
    throw new CommandFailure(exitCodes.nothingStored, 'nothing-stored', `There is no ${forTerminal(wanted)}`)
  }
  if (found.length === 1) return only
  const which = found.map(({ id, account }) => `${id} (${forTerminal(account)})`).join(', ')
  throw usageFailure(`Several match; say which by its number: ${which}`)
}
