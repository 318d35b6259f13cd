import type { Command } from 'commander'
import { renderUnicodeCompact } from 'uqr'
import { recordEvent } from '#server/notices/audit.ts'
import { issueResetCode, resetLink, resetMinutes } from '#server/people/reset-codes.ts'
import { readAccountByEmail, readAccountByUsername } from '#server/people/store.ts'
import { registerInvitations } from './admin/invitations.ts'
import { registerLockouts } from './admin/lockouts.ts'
import { registerPeople } from './admin/people.ts'
import { fail, print, withHouse } from './admin/with-house.ts'

export function register(program: Command): void {
  const admin = program.command('admin').description('For the keeper of this server, on its own machine')
  admin
    .command('reset-link')
    .description('Make a one-time link by which a person sets a new password; works with and without a running server')
    .argument('<name>', 'e-mail address or user name')
    .option('--json', 'print one JSON object')
    .action((name: string, options: { json?: boolean }) => printResetLink(name, options.json === true))
  registerInvitations(admin)
  registerLockouts(admin)
  registerPeople(admin)
}

async function printResetLink(name: string, asJson: boolean): Promise<void> {
  await withHouse(async ({ ctx, db, base }) => {
    const known = name.trim().toLowerCase()
    const account = readAccountByEmail(db.read, known) ?? readAccountByUsername(db.read, known)
    if (!account) return fail(`Nobody here is called ${known}.`)
    const code = await db.write((tx) => {
      recordEvent(ctx, tx, { event: 'reset.link_issued', accountId: account.id })
      return issueResetCode(ctx, tx, account.id)
    })
    const link = resetLink(base, known, code)
    if (asJson) return print({ link, expiresInMinutes: resetMinutes })
    process.stdout.write(`${renderUnicodeCompact(link)}\n\n${link}\n\nGood for ${resetMinutes} minutes, once.\n`)
  })
}
