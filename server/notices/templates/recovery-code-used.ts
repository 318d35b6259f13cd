import { type Letter, letter } from './letter.ts'
import { when } from './when.ts'

/**
 * Told when somebody signed in with a recovery code, for it needs neither the password nor a passkey.
 *
 * @param at  milliseconds
 * @param left  codes that still work
 */
export function recoveryCodeUsed(about: { recipient: string; at: number; left: number; server: string }): Letter {
  const codes = about.left === 1 ? '1 code still works' : `${about.left} codes still work`
  return letter(
    'A Recovery Code of Your Hearthkeep Account Was Used',
    [
      `Somebody signed in as ${about.recipient} with a recovery code on ${when(about.at)}. That code is used up; ${codes}.`,
      'If this was you, there is nothing to do, except to make new codes when few are left.',
      'If it was NOT you, sign in at once, sign out everywhere else and make new recovery codes, and tell the person who keeps this server.',
    ],
    about.server,
  )
}
