import type { Skipped } from '#client/surfaces/otp/otp-file.ts'
import { usageFailure } from '#server/cli/terminal/failure.ts'
import type { PasswordOptions } from '#server/cli/terminal/read-passwords.ts'
import type { Terminal } from '#server/cli/terminal/terminal.ts'
import { forTerminal } from '#server/cli/terminal/words.ts'

/** Options all verbs have; `pinFile` those that open secrets. */
export type CommonOptions = PasswordOptions & {
  email: string
  server?: string
  device?: string
  pinFile?: string
  json?: boolean
}

/** Options of verbs that may be the first thing ever done with an account. */
export type StoreOptions = CommonOptions & { register?: boolean }

export function counted(otps: number): string {
  return `${otps} ${otps === 1 ? 'entry' : 'entries'}`
}

/** Say on stderr what stayed behind, by label. */
export function warnOfSkipped(terminal: Terminal, skipped: Skipped[]): void {
  for (const { what, why } of skipped) terminal.stderr.write(`Left out: ${forTerminal(what)}: ${why}.\n`)
}

/** For what the server has, but cannot open. */
export function damagedOnes(labels: { account: string }[]): Skipped[] {
  return labels.map(({ account }) => ({ what: account, why: 'the server cannot open its secret any more' }))
}

/**
 * `--at`: seconds since 1970, or a date as in RFC 3339.
 *
 * @returns milliseconds
 * @throws usage failure
 */
export function readTime(text: string | undefined): number {
  if (text === undefined) return Date.now()
  const time = /^\d{1,12}$/.test(text) ? Number(text) * 1000 : Date.parse(text)
  if (Number.isNaN(time)) throw usageFailure('--at takes seconds since 1970 or a date like 2026-11-21T07:42:00Z')
  return time
}
